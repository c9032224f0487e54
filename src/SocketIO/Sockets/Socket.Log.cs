using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Sockets;

internal sealed partial class Socket
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "A handler of \"{EventName}\" of socket {SocketId} in {Namespace} failed; the connection stays.",
            EventName = "HandlerFailed")]
        public static partial void HandlerFailed(
            ILogger logger, Exception exception, LogText eventName, string socketId, LogText @namespace);

        [LoggerMessage(2, LogLevel.Debug,
            "The client of socket {SocketId} in {Namespace} sent \"{EventName}\" with arguments that its handler cannot take.",
            EventName = "WrongArguments")]
        public static partial void WrongArguments(
            ILogger logger, Exception exception, LogText eventName, string socketId, LogText @namespace);

        [LoggerMessage(3, LogLevel.Debug,
            "A handler of \"{EventName}\" ended because socket {SocketId} in {Namespace} had disconnected.",
            EventName = "HandlerEndedByDisconnect")]
        public static partial void HandlerEndedByDisconnect(
            ILogger logger, Exception exception, LogText eventName, string socketId, LogText @namespace);

        [LoggerMessage(4, LogLevel.Error,
            "A disconnect or error listener of socket {SocketId} in {Namespace} failed.",
            EventName = "ListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception, string socketId, LogText @namespace);

        [LoggerMessage(5, LogLevel.Error,
            "The adapter failed to take socket {SocketId} out of its rooms in {Namespace}.",
            EventName = "LeaveFailed")]
        public static partial void LeaveFailed(ILogger logger, Exception exception, string socketId, LogText @namespace);

        [LoggerMessage(6, LogLevel.Debug,
            "{Count} events that waited for their turn were dropped because socket {SocketId} in {Namespace} disconnected.",
            EventName = "EventsDropped")]
        public static partial void EventsDropped(ILogger logger, int count, string socketId, LogText @namespace);

        [LoggerMessage(7, LogLevel.Trace,
            "Nothing handles \"{EventName}\", which socket {SocketId} in {Namespace} received.",
            EventName = "NoHandler")]
        public static partial void NoHandler(ILogger logger, LogText eventName, string socketId, LogText @namespace);

        [LoggerMessage(8, LogLevel.Warning,
            "\"{Name}\" of the data of socket {SocketId} in {Namespace} cannot be written as JSON; other servers do not see it.",
            EventName = "DataNotSerializable")]
        public static partial void DataNotSerializable(
            ILogger logger, Exception exception, LogText name, string socketId, LogText @namespace);

        [LoggerMessage(9, LogLevel.Debug,
            "A middleware or [Authorize] refused \"{EventName}\" of socket {SocketId} in {Namespace}; its handlers do not run.",
            EventName = "EventRefused")]
        public static partial void EventRefused(
            ILogger logger, Exception exception, LogText eventName, string socketId, LogText @namespace);

        [LoggerMessage(10, LogLevel.Warning,
            "Too much waits for socket {SocketId} in {Namespace}: outgoing events are sent without their listeners hearing of them. " +
            "Further ones are counted, and logged again when half has gone.",
            EventName = "OutgoingNotHeard")]
        public static partial void OutgoingNotHeard(ILogger logger, string socketId, LogText @namespace);
    }
}
