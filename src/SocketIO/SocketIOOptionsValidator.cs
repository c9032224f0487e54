using Microsoft.Extensions.Options;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>Finds what does not add up in the options of a server, the Engine.IO ones included.</summary>
internal sealed class SocketIOOptionsValidator : IValidateOptions<SocketIOOptions>
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SocketIOOptions options)
    {
        var mistakes = EngineIOOptionsValidator.Find(options);
        RequireDuration(nameof(options.ConnectTimeout), options.ConnectTimeout);
        RequireDuration(nameof(options.ShutdownTimeout), options.ShutdownTimeout);
        RequireAtLeastOne(nameof(options.MaxWaitingEvents), options.MaxWaitingEvents);
        RequireAtLeastOne(nameof(options.MaxWaitingBytes), options.MaxWaitingBytes);
        RequireAtLeastOne(nameof(options.MaxPendingAcks), options.MaxPendingAcks);
        RequireAtLeastOne(nameof(options.MaxNamespacesPerConnection), options.MaxNamespacesPerConnection);
        if (options.ConnectionStateRecovery is { } recovery)
        {
            const string Prefix = nameof(options.ConnectionStateRecovery) + ".";
            RequireDuration(Prefix + nameof(recovery.MaxDisconnectionDuration), recovery.MaxDisconnectionDuration);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxSessions), recovery.MaxSessions);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxPackets), recovery.MaxPackets);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxBytes), recovery.MaxBytes);
        }

        if (!Enum.IsDefined(options.HandlerDispatch))
        {
            mistakes.Add($"{nameof(options.HandlerDispatch)} is {options.HandlerDispatch}; choose {nameof(HandlerDispatch.StartInOrder)} " +
                $"or {nameof(HandlerDispatch.Sequential)}.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void RequireDuration(string option, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > LongestDuration)
            {
                mistakes.Add($"{option} is {value}; set it to more than zero and at most one day.");
            }
        }

        void RequireAtLeastOne(string option, long value)
        {
            if (value < 1)
            {
                mistakes.Add($"{option} is {value}; set it to 1 or more.");
            }
        }
    }
}
