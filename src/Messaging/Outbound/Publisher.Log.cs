using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Messaging.Outbound;

internal sealed partial class Publisher
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Participant}: more of namespace {Namespace} waits for the cluster than is kept; volatile messages are dropped first, then " +
            "new ones.",
            EventName = "QueueFull")]
        public static partial void QueueFull(ILogger logger, string participant, LogText @namespace);

        [LoggerMessage(2, LogLevel.Critical,
            "{Participant}: {Count} messages of namespace {Namespace} were lost by a fault of the adapter. Please report it.",
            EventName = "BatchFailed")]
        public static partial void BatchFailed(ILogger logger, string participant, LogText @namespace, int count, Exception exception);
    }
}
