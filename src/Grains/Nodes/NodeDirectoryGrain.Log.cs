using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Nodes;

internal sealed partial class NodeDirectoryGrain
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Node {Node} registered.", EventName = "NodeRegistered")]
        public static partial void NodeRegistered(ILogger logger, NodeIdentity node);

        [LoggerMessage(2, LogLevel.Information, "Node {Node} left.", EventName = "NodeLeft")]
        public static partial void NodeLeft(ILogger logger, NodeIdentity node);

        [LoggerMessage(3, LogLevel.Warning,
            "Node {Node} was silent for its lease of {Lease} and is declared departed.",
            EventName = "NodeExpired")]
        public static partial void NodeExpired(ILogger logger, NodeIdentity node, TimeSpan lease);

        [LoggerMessage(4, LogLevel.Information,
            "Owners of rooms may have lost members ({Cause}); all nodes tell them again, as generation {Generation}.",
            EventName = "GenerationRaised")]
        public static partial void GenerationRaised(ILogger logger, long generation, string cause);
    }
}
