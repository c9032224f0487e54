using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.AdapterClient.Delivery;

internal sealed partial class RoomSizeWatch
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "A listener for the size of room '{Room}' in namespace {Namespace} threw; it hears of the next change.",
            EventName = "ListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, LogText room, LogText @namespace, Exception exception);
    }
}
