using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.AdapterClient.Delivery;

internal sealed partial class EnvelopeDispatcher
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node} misses {Count} envelopes of node {From}.", EventName = "EnvelopesLost")]
        public static partial void EnvelopesLost(ILogger logger, string node, long count, NodeIdentity from);

        [LoggerMessage(2, LogLevel.Warning, "Node {Node}: more has come in than is kept, because handlers or sockets are slow; envelopes are dropped.", EventName = "DispatcherFull")]
        public static partial void DispatcherFull(ILogger logger, string node);

        [LoggerMessage(3, LogLevel.Error, "Node {Node} could not deliver a {Kind} of node {From} in namespace {Namespace}; the next is delivered.", EventName = "DeliveryFailed")]
        public static partial void DeliveryFailed(ILogger logger, string node, EnvelopeKind kind, NodeIdentity from, string @namespace, Exception exception);
    }
}
