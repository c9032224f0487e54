using System.Net;
using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.EngineIO;

/// <content>What the server logs about requests.</content>
public sealed partial class EngineIOServer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Refused a request with code {Code}: {Message}.", EventName = "RequestRefused")]
        public static partial void Refused(ILogger logger, EngineIOError code, string message);

        [LoggerMessage(2, LogLevel.Error, "AllowRequest threw; the client is refused.", EventName = "AllowRequestFailed")]
        public static partial void AllowRequestFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "GenerateId threw; the client is refused.", EventName = "GenerateIdFailed")]
        public static partial void GenerateIdFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "GenerateId made an id that is empty or in use; the client is refused.", EventName = "IdTaken")]
        public static partial void IdTaken(ILogger logger);

        [LoggerMessage(5, LogLevel.Warning, "Shutdown did not wait for clients that were still connected; their connections are cut.",
            EventName = "ShutdownCutShort")]
        public static partial void ShutdownCutShort(ILogger logger);

        [LoggerMessage(20, LogLevel.Warning,
            "Refused a web page of {Origin} that asked {Host}: name that origin in Cors, or set AllowAnyOrigin for a server that is " +
            "open to all. Behind a proxy that changes the host, let the forwarded headers middleware restore it. No others are logged " +
            "for a minute.",
            EventName = "OriginRefused")]
        public static partial void OriginRefused(ILogger logger, LogText origin, LogText host);

        [LoggerMessage(21, LogLevel.Warning,
            "Refused a request of a session because it came from another user than the one who opened it, or from nobody. If clients can " +
            "authenticate only their first request, set RequireSameUser to false. No others are logged for a minute.",
            EventName = "SessionUserChanged")]
        public static partial void UserChanged(ILogger logger);

        [LoggerMessage(30, LogLevel.Warning,
            "There are {Limit} sessions (MaxSessions); further clients are refused. They are counted, and logged again when a tenth has " +
            "gone.",
            EventName = "TooManySessions")]
        public static partial void TooManySessions(ILogger logger, int limit);

        [LoggerMessage(31, LogLevel.Warning,
            "{Address} has opened {Limit} sessions that it does not use (MaxPendingSessionsPerAddress); further ones are refused. They " +
            "are counted, and " +
            "logged again when half have gone. If this is a proxy, use its forwarded headers or raise the limit.",
            EventName = "TooManyPendingSessions")]
        public static partial void TooManyPendingSessions(ILogger logger, IPAddress? address, int limit);
    }
}
