using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Membership;

internal sealed partial class ClusterNode
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "This process is node {Node} of the cluster.", EventName = "Registered")]
        public static partial void Registered(ILogger logger, NodeIdentity node);

        [LoggerMessage(2, LogLevel.Warning, "Node {Node} had been declared departed, or another process took its id; registering again and announcing everything.", EventName = "Fenced")]
        public static partial void Fenced(ILogger logger, NodeIdentity node);

        [LoggerMessage(3, LogLevel.Information, "Node {Node}: node {Departed} departed.", EventName = "NodeDeparted")]
        public static partial void NodeDeparted(ILogger logger, string node, NodeIdentity departed);

        [LoggerMessage(6, LogLevel.Warning, "Node {Node}: the node directory started anew; checking what the cluster still knows of this node.", EventName = "DirectoryStartedAnew")]
        public static partial void DirectoryStartedAnew(ILogger logger, string node);

        [LoggerMessage(5, LogLevel.Warning, "Node {Node} could not say goodbye; its sockets are dropped when its lease ends.", EventName = "LeftUnnoticed")]
        public static partial void LeftUnnoticed(ILogger logger, string node, Exception exception);
    }
}
