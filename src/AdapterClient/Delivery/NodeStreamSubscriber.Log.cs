using Microsoft.Extensions.Logging;

namespace OrleansRooms.AdapterClient.Delivery;

internal sealed partial class NodeStreamSubscriber
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Node {Node} could not drop the subscription of a former run; nobody writes to its stream any more.", EventName = "UnsubscribingFailed")]
        public static partial void UnsubscribingFailed(ILogger logger, string node, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The cluster has lost the subscription of node {Node} to its packet stream; subscribing again. Envelopes may be missing.", EventName = "SubscriptionLost")]
        public static partial void SubscriptionLost(ILogger logger, string node);

        [LoggerMessage(2, LogLevel.Warning, "The packet stream of node {Node} reports an error; envelopes may be missing.", EventName = "StreamFailed")]
        public static partial void StreamFailed(ILogger logger, string node, Exception exception);
    }
}
