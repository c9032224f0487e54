using Microsoft.Extensions.Options;
using OrleansRooms.Messaging;

namespace OrleansRooms.AdapterClient;

/// <summary>Refuses at start what cannot work.</summary>
internal sealed class OrleansAdapterOptionsValidator : IValidateOptions<OrleansAdapterOptions>
{
    public ValidateOptionsResult Validate(string? name, OrleansAdapterOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        builder.CheckClusterKey(options.ClusterKey, nameof(options.ClusterKey));
        if (options.NodeId is { Length: 0 })
        {
            builder.AddError("Set it to a name that no other living node has, or leave it null.", nameof(options.NodeId));
        }

        builder.CheckTime(options.HeartbeatInterval, nameof(options.HeartbeatInterval));
        builder.CheckTime(options.CallTimeout, nameof(options.CallTimeout));
        builder.CheckTime(options.JoinTimeout, nameof(options.JoinTimeout));
        builder.CheckTime(options.RequestTimeout, nameof(options.RequestTimeout));
        builder.CheckTime(options.VerifyInterval, nameof(options.VerifyInterval));
        builder.CheckTime(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        builder.CheckCount(options.MaxPendingRequests, nameof(options.MaxPendingRequests));
        builder.CheckMessageBytes(options.MaxMessageBytes, nameof(options.MaxMessageBytes));
        builder.CheckCount(options.MaxAnswerBytes, nameof(options.MaxAnswerBytes));
        builder.CheckCount(options.MaxQueuedMessages, nameof(options.MaxQueuedMessages));
        builder.CheckCount(options.MaxQueuedBytes, nameof(options.MaxQueuedBytes));
        builder.CheckCount(options.MaxReceivedBytes, nameof(options.MaxReceivedBytes));
        builder.CheckCount(options.MaxConcurrentAnnouncements, nameof(options.MaxConcurrentAnnouncements));
        return builder.Build();
    }
}
