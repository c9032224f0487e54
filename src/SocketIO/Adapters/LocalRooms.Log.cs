using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

public sealed partial class LocalRooms
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "A listener for '{Event}' of room '{Room}' in namespace {Namespace} threw; the change stands.",
            EventName = "ListenerFailed")]
        public static partial void ListenerFailed(
            ILogger logger, RoomEventKind @event, LogText room, LogText @namespace, Exception exception);

        [LoggerMessage(2, LogLevel.Error,
            "Socket {SocketId} of namespace {Namespace} threw while a broadcast reached it; the other recipients are served.",
            EventName = "SocketFailed")]
        public static partial void SocketFailed(ILogger logger, string socketId, LogText @namespace, Exception exception);
    }
}
