using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Connections;

internal sealed partial class ConnectAttempt
{
    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Error, "Connecting a client to {Namespace} failed; it is told so.", EventName = "AttemptFailed")]
        public static partial void AttemptFailed(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(21, LogLevel.Error,
            "A connection middleware of {Namespace} failed; the client is refused.",
            EventName = "MiddlewareFailed")]
        public static partial void MiddlewareFailed(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(22, LogLevel.Warning,
            "The connection middlewares of {Namespace} took longer than {Timeout}; the client is refused.",
            EventName = "MiddlewareTimeout")]
        public static partial void MiddlewareTimeout(ILogger logger, LogText @namespace, TimeSpan timeout);

        [LoggerMessage(26, LogLevel.Debug,
            "The auth of a client has {Bytes} bytes, more than the {Limit} of MaxAuthBytes; the client is refused.",
            EventName = "AuthTooLarge")]
        public static partial void AuthTooLarge(ILogger logger, int bytes, int limit);

        [LoggerMessage(25, LogLevel.Debug,
            "A client of {Namespace} asked for a socket that belonged to another user; it begins a new session.",
            EventName = "RestoredForAnother")]
        public static partial void RestoredForAnother(ILogger logger, LogText @namespace);

        [LoggerMessage(23, LogLevel.Debug,
            "A connection middleware of {Namespace} neither called next nor threw; the client is refused.",
            EventName = "NotLetOn")]
        public static partial void NotLetOn(ILogger logger, LogText @namespace);
    }
}
