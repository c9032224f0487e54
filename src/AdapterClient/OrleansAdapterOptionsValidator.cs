using Microsoft.Extensions.Options;

namespace OrleansRooms.AdapterClient;

/// <summary>Refuses at start what cannot work.</summary>
internal sealed class OrleansAdapterOptionsValidator : IValidateOptions<OrleansAdapterOptions>
{
    // Longer than anybody means, and well within what timers take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, OrleansAdapterOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        if (string.IsNullOrEmpty(options.ClusterKey))
        {
            builder.AddError("Set it to a name that all servers of the application share.", nameof(options.ClusterKey));
        }

        if (options.NodeId is { Length: 0 })
        {
            builder.AddError("Set it to a name that no other living node has, or leave it null.", nameof(options.NodeId));
        }

        CheckTime(options.HeartbeatInterval, nameof(options.HeartbeatInterval));
        CheckTime(options.CallTimeout, nameof(options.CallTimeout));
        CheckTime(options.JoinTimeout, nameof(options.JoinTimeout));
        CheckTime(options.RequestTimeout, nameof(options.RequestTimeout));
        CheckTime(options.VerifyInterval, nameof(options.VerifyInterval));
        CheckTime(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        CheckCount(options.MaxPendingRequests, nameof(options.MaxPendingRequests));
        CheckCount(options.MaxQueuedMessages, nameof(options.MaxQueuedMessages));
        CheckCount(options.MaxQueuedBytes, nameof(options.MaxQueuedBytes));
        CheckCount(options.MaxReceivedBytes, nameof(options.MaxReceivedBytes));
        CheckCount(options.MaxConcurrentAnnouncements, nameof(options.MaxConcurrentAnnouncements));
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
