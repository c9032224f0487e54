using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Messaging.Queries;

internal sealed partial class RoomFollower
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "A listener for rooms that come and go threw at '{Room}' in namespace {Namespace}; it hears of the next one.",
            EventName = "RoomListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, LogText room, LogText @namespace, Exception exception);
    }
}
