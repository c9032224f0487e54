using Microsoft.Extensions.Logging;

namespace OrleansRooms.EngineIO.Sessions;

/// <content>What a session logs, by its number: the id is a secret.</content>
internal sealed partial class Session
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Session {Session} opened over {Transport}.", EventName = "SessionOpened")]
        public static partial void Opened(ILogger logger, long session, EngineTransport transport);

        [LoggerMessage(2, LogLevel.Debug, "Session {Session} ended: {Reason}. {Description}", EventName = "SessionClosed")]
        public static partial void Closed(ILogger logger, long session, CloseReason reason, string? description);

        [LoggerMessage(3, LogLevel.Debug, "Session {Session} moved from polling to WebSocket.", EventName = "SessionUpgraded")]
        public static partial void Upgraded(ILogger logger, long session);

        [LoggerMessage(4, LogLevel.Debug,
            "The upgrade of session {Session} ended as {Outcome}; it stays on polling.",
            EventName = "UpgradeFailed")]
        public static partial void UpgradeFailed(ILogger logger, long session, UpgradeOutcome outcome);

        [LoggerMessage(5, LogLevel.Error, "The handler of session {Session} threw.", EventName = "SessionHandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, long session);

        [LoggerMessage(6, LogLevel.Warning,
            "The client of session {Session} does not read: {Bytes} bytes wait for it. Closing the session and discarding them.",
            EventName = "SlowConsumer")]
        public static partial void SlowConsumer(ILogger logger, long session, long bytes);

        [LoggerMessage(7, LogLevel.Error, "A listener of the events of session {Session} threw.", EventName = "SessionListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception, long session);
    }
}
