using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.AdapterClient;

internal sealed partial class OrleansAdapter
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "A {Kind} of node {From} in namespace {Namespace} failed on this node; the others are not affected.",
            EventName = "RemoteOperationFailed")]
        public static partial void RemoteOperationFailed(
            ILogger logger, EnvelopeKind kind, NodeIdentity from, LogText @namespace, Exception exception);
    }
}
