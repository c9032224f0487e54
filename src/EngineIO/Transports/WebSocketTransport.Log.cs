using Microsoft.Extensions.Logging;

namespace OrleansRooms.EngineIO.Transports;

/// <content>What a WebSocket logs.</content>
internal abstract partial class WebSocketTransport
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The WebSocket of session {Session} broke: {Error}", EventName = "ConnectionLost")]
        public static partial void ConnectionLost(ILogger logger, long session, string error);
    }
}
