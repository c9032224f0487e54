using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class Namespace
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "The adapter of {Namespace} failed to start; the namespace goes on without what it would have done.",
            EventName = "AdapterFailedToStart")]
        public static partial void AdapterFailedToStart(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(2, LogLevel.Error, "The adapter of {Namespace} failed to close.", EventName = "AdapterFailedToClose")]
        public static partial void AdapterFailedToClose(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(3, LogLevel.Error,
            "A handler of the server-side event \"{EventName}\" in {Namespace} failed.",
            EventName = "ServerEventFailed")]
        public static partial void ServerEventFailed(ILogger logger, Exception exception, LogText eventName, LogText @namespace);

        [LoggerMessage(4, LogLevel.Warning,
            "Server-side events in {Namespace} are dropped because too many wait for their handlers. Further ones are counted, and " +
            "logged again when half of those have gone.",
            EventName = "ServerEventDropped")]
        public static partial void ServerEventDropped(ILogger logger, LogText @namespace);

        [LoggerMessage(5, LogLevel.Warning,
            "Another server sent a server-side event in {Namespace} that cannot be read; it is ignored.",
            EventName = "ServerEventUnreadable")]
        public static partial void ServerEventUnreadable(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(6, LogLevel.Error, "A listener for rooms of {Namespace} failed at '{Room}'.", EventName = "RoomListenerFailed")]
        public static partial void RoomListenerFailed(ILogger logger, Exception exception, LogText room, LogText @namespace);

        [LoggerMessage(7, LogLevel.Debug,
            "{Namespace} is empty and goes; the next client that asks for it makes it anew.",
            EventName = "CleanedUp")]
        public static partial void CleanedUp(ILogger logger, LogText @namespace);
    }
}
