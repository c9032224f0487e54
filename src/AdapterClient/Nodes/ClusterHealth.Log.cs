using Microsoft.Extensions.Logging;

namespace OrleansRooms.AdapterClient.Nodes;

internal sealed partial class ClusterHealth
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node}: the cluster does not answer. Sockets of this node are served; the rest waits and is tried again.", EventName = "ClusterDoesNotAnswer")]
        public static partial void ClusterDoesNotAnswer(ILogger logger, string node, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "Node {Node}: the cluster answers again after {Duration}.", EventName = "ClusterIsBack")]
        public static partial void ClusterIsBack(ILogger logger, string node, TimeSpan duration);
    }
}
