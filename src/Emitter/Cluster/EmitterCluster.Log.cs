using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Emitter.Cluster;

internal sealed partial class EmitterCluster
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "This process emits to the cluster as {Emitter}.", EventName = "EmitterConnected")]
        public static partial void Connected(ILogger logger, NodeIdentity emitter);
    }
}
