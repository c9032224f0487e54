using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Connections;

internal sealed partial class ConnectAttempt
{
    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Error, "Connecting a client to {Namespace} failed; it is told so.", EventName = "AttemptFailed")]
        public static partial void AttemptFailed(ILogger logger, Exception exception, string @namespace);

        [LoggerMessage(21, LogLevel.Error, "A connection middleware of {Namespace} failed; the client is refused.", EventName = "MiddlewareFailed")]
        public static partial void MiddlewareFailed(ILogger logger, Exception exception, string @namespace);

        [LoggerMessage(22, LogLevel.Warning, "The connection middlewares of {Namespace} took longer than {Timeout}; the client is refused.", EventName = "MiddlewareTimeout")]
        public static partial void MiddlewareTimeout(ILogger logger, string @namespace, TimeSpan timeout);

        [LoggerMessage(23, LogLevel.Debug, "A connection middleware of {Namespace} neither called next nor threw; the client is refused.", EventName = "NotLetOn")]
        public static partial void NotLetOn(ILogger logger, string @namespace);
    }
}
