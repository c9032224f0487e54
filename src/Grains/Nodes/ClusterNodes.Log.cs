using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Nodes;

internal sealed partial class ClusterNodes
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "The node directory does not answer; nodes that die in the meantime stay in their rooms.",
            EventName = "DirectoryUnreachable")]
        public static partial void DirectoryUnreachable(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Information,
            "Node {Node} departed; {Grains} grains of this silo drop its sockets.",
            EventName = "NodeDeparted")]
        public static partial void NodeDeparted(ILogger logger, NodeIdentity node, int grains);

        [LoggerMessage(3, LogLevel.Warning,
            "The node directory could not be told that owners of rooms may have lost members; it is tried again unless the directory " +
            "starts anew.",
            EventName = "LossNotReported")]
        public static partial void LossNotReported(ILogger logger, Exception exception);
    }
}
