using Microsoft.Extensions.Logging;

namespace OrleansRooms.Publishing.Delivery;

internal sealed partial class NodeStreamSubscriber
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Participant} could not drop the subscription of a former run; nobody writes to its stream any more.", EventName = "UnsubscribingFailed")]
        public static partial void UnsubscribingFailed(ILogger logger, string participant, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The cluster has lost the subscription of {Participant} to its packet stream; subscribing again. What was lost on the way is sent again.", EventName = "SubscriptionLost")]
        public static partial void SubscriptionLost(ILogger logger, string participant);

        [LoggerMessage(2, LogLevel.Warning, "The packet stream of {Participant} reports an error; what was lost on the way is sent again.", EventName = "StreamFailed")]
        public static partial void StreamFailed(ILogger logger, string participant, Exception exception);
    }
}
