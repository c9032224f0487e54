using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Rooms;

internal sealed partial class StreamNoticeSender
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Room sizes cannot be sent to node {Node}; they are sent again until it takes them or departs. Further failures are " +
            "counted, not logged.",
            EventName = "NoticesFailing")]
        public static partial void NoticesFailing(ILogger logger, NodeIdentity node, Exception exception);
    }
}
