using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Recovery;

internal sealed partial class MemoryRecovery
{
    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning,
            "Namespace {Namespace} has reached a limit of connection state recovery and forgets a {Kind} before its {Lifetime} are up; " +
            "clients that need it begin new sessions.",
            EventName = "RecoveryForgetting")]
        public static partial void Forgetting(ILogger logger, string kind, LogText @namespace, TimeSpan lifetime);
    }
}
