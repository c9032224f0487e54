using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO;

internal sealed partial class SocketIOServer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Count} sockets' disconnect listeners had not completed in time; the server closes without waiting for them.",
            EventName = "ListenersAbandoned")]
        public static partial void ListenersAbandoned(ILogger logger, int count);
    }
}
