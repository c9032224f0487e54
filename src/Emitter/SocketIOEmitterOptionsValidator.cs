using Microsoft.Extensions.Options;

namespace OrleansRooms.Emitter;

/// <summary>Refuses at start what cannot work.</summary>
internal sealed class SocketIOEmitterOptionsValidator : IValidateOptions<SocketIOEmitterOptions>
{
    // Longer than anybody means, and well within what timers take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SocketIOEmitterOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (string.IsNullOrEmpty(options.ClusterKey))
        {
            builder.AddError("Set it to the name that the servers of the application share.", nameof(options.ClusterKey));
        }

        CheckTime(options.RefreshInterval, nameof(options.RefreshInterval));
        CheckTime(options.CallTimeout, nameof(options.CallTimeout));
        CheckTime(options.JoinTimeout, nameof(options.JoinTimeout));
        CheckTime(options.RequestTimeout, nameof(options.RequestTimeout));
        CheckTime(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        CheckCount(options.MaxAttachments, nameof(options.MaxAttachments));
        CheckCount(options.MaxPendingRequests, nameof(options.MaxPendingRequests));
        CheckCount(options.MaxQueuedMessages, nameof(options.MaxQueuedMessages));
        CheckCount(options.MaxQueuedBytes, nameof(options.MaxQueuedBytes));
        return builder.Build();

        void CheckTime(TimeSpan value, string property)
        {
            if (value <= TimeSpan.Zero || value > Longest)
            {
                builder.AddError($"It is {value}; set it to more than zero and at most a day.", property);
            }
        }

        void CheckCount(long value, string property)
        {
            if (value <= 0)
            {
                builder.AddError($"It is {value}; set it to at least 1.", property);
            }
        }
    }
}
