using Microsoft.Extensions.Options;

namespace OrleansRooms.EngineIO;

/// <summary>
/// Finds mistakes in <see cref="EngineIOOptions"/> before the first client does; each becomes one sentence saying what to change.
/// </summary>
internal sealed class EngineIOOptionsValidator : IValidateOptions<EngineIOOptions>
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EngineIOOptions options)
    {
        var mistakes = Find(options);
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    /// <summary>One sentence for each mistake; empty when the options are in order.</summary>
    public static List<string> Find(EngineIOOptions options)
    {
        List<string> mistakes = [];

        RequireDuration(nameof(options.PingInterval), options.PingInterval);
        RequireDuration(nameof(options.PingTimeout), options.PingTimeout);
        RequireDuration(nameof(options.UpgradeTimeout), options.UpgradeTimeout);
        RequireDuration(nameof(options.CloseTimeout), options.CloseTimeout);
        RequireAtLeast(nameof(options.MaxHttpBufferSize), options.MaxHttpBufferSize, 1);
        RequireAtLeast(nameof(options.MaxSessions), options.MaxSessions, 1);
        RequireAtLeast(nameof(options.MaxPendingSessionsPerAddress), options.MaxPendingSessionsPerAddress, 1);
        RequireAtLeast(nameof(options.MaxBufferedBytesPerSession), options.MaxBufferedBytesPerSession, 1024);

        if (options.Transports == EngineTransport.None || (options.Transports & ~EngineTransport.All) != 0)
        {
            mistakes.Add($"{nameof(options.Transports)} is {options.Transports}; choose {nameof(EngineTransport.Polling)}, " +
                $"{nameof(EngineTransport.WebSocket)} or {nameof(EngineTransport.All)}.");
        }

        if (options.HttpCompression is { Threshold: < 0 } http)
        {
            mistakes.Add($"{nameof(options.HttpCompression)}.{nameof(http.Threshold)} is {http.Threshold}; set it to 0 or more, or set " +
                $"{nameof(options.HttpCompression)} to null to turn compression off.");
        }

        if (options.PerMessageDeflate is { } deflate)
        {
            if (deflate.Threshold < 0)
            {
                mistakes.Add(
                    $"{nameof(options.PerMessageDeflate)}.{nameof(deflate.Threshold)} is {deflate.Threshold}; set it to 0 or more.");
            }

            if (deflate.ServerMaxWindowBits is < 9 or > 15)
            {
                mistakes.Add(
                    $"{nameof(options.PerMessageDeflate)}.{nameof(deflate.ServerMaxWindowBits)} is {deflate.ServerMaxWindowBits}; " +
                    "set it to a number from 9 to 15.");
            }
        }

        if (options.Cookie is { Name: "" })
        {
            mistakes.Add($"{nameof(options.Cookie)}.Name is empty; give the cookie a name, or set {nameof(options.Cookie)} to null.");
        }

        if (options.Cors is { SupportsCredentials: true, AllowAnyOrigin: true })
        {
            mistakes.Add($"{nameof(options.Cors)} allows credentials from any origin, which browsers refuse; name the origins.");
        }

        if (options is { AllowAnyOrigin: true, Cors: { AllowAnyOrigin: false } })
        {
            mistakes.Add($"{nameof(options.AllowAnyOrigin)} is true, but {nameof(options.Cors)} names origins; leave one of them out.");
        }

        return mistakes;

        void RequireDuration(string name, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > LongestDuration)
            {
                mistakes.Add($"{name} is {value}; set it to more than zero and at most one day.");
            }
        }

        void RequireAtLeast(string name, long value, long least)
        {
            if (value < least) mistakes.Add($"{name} is {value}; set it to {least} or more.");
        }
    }
}
