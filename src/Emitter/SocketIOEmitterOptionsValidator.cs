using Microsoft.Extensions.Options;
using OrleansRooms.Messaging;

namespace OrleansRooms.Emitter;

/// <summary>Refuses at start what cannot work.</summary>
internal sealed class SocketIOEmitterOptionsValidator : IValidateOptions<SocketIOEmitterOptions>
{
    public ValidateOptionsResult Validate(string? name, SocketIOEmitterOptions options)
    {
        var builder = new ValidateOptionsResultBuilder();
        builder.CheckClusterKey(options.ClusterKey, nameof(options.ClusterKey));
        builder.CheckTime(options.RefreshInterval, nameof(options.RefreshInterval));
        builder.CheckTime(options.CallTimeout, nameof(options.CallTimeout));
        builder.CheckTime(options.JoinTimeout, nameof(options.JoinTimeout));
        builder.CheckTime(options.RequestTimeout, nameof(options.RequestTimeout));
        builder.CheckTime(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        builder.CheckCount(options.MaxAttachments, nameof(options.MaxAttachments));
        builder.CheckCount(options.MaxPendingRequests, nameof(options.MaxPendingRequests));
        builder.CheckMessageBytes(options.MaxMessageBytes, nameof(options.MaxMessageBytes));
        builder.CheckCount(options.MaxAnswerBytes, nameof(options.MaxAnswerBytes));
        builder.CheckCount(options.MaxQueuedMessages, nameof(options.MaxQueuedMessages));
        builder.CheckCount(options.MaxQueuedBytes, nameof(options.MaxQueuedBytes));
        return builder.Build();
    }
}
