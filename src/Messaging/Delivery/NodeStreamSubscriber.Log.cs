using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Delivery;

internal sealed partial class NodeStreamSubscriber
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug,
            "{Participant} could not drop a former packet stream; nobody writes to it any more.",
            EventName = "UnsubscribingFailed")]
        public static partial void UnsubscribingFailed(ILogger logger, string participant, Exception exception);

        [LoggerMessage(4, LogLevel.Warning,
            "The packet stream of {Participant} ({Address}) does not work any more: {Reason}. Opening another; what was lost on the way " +
            "is sent again.",
            EventName = "StreamBroken")]
        public static partial void StreamBroken(ILogger logger, string participant, PacketStreamAddress address, string reason);

        [LoggerMessage(5, LogLevel.Information, "Packets for {Participant} go to {Address} from now on.", EventName = "StreamMoved")]
        public static partial void StreamMoved(ILogger logger, string participant, PacketStreamAddress address);
    }
}
