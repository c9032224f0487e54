using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.AdapterClient.Publishing;

internal sealed partial class NodeLink
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node}: more waits for node {Destination} than is kept; volatile messages are dropped first, then new ones.", EventName = "LinkFull")]
        public static partial void LinkFull(ILogger logger, string node, NodeIdentity destination);
    }
}
