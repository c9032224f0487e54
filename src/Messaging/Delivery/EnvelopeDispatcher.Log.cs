using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Delivery;

internal sealed partial class EnvelopeDispatcher
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "{Participant}: {Count} envelopes of {From} are missing on the way here; asking for them again.",
            EventName = "EnvelopesMissing")]
        public static partial void EnvelopesMissing(ILogger logger, string participant, long count, NodeIdentity from);

        [LoggerMessage(2, LogLevel.Warning,
            "{Participant}: more has come in than is kept, because handlers or sockets are slow; the rest waits where it comes from.",
            EventName = "DispatcherFull")]
        public static partial void DispatcherFull(ILogger logger, string participant);

        [LoggerMessage(3, LogLevel.Error,
            "{Participant} could not deliver a {Kind} of {From} in namespace {Namespace}; the next is delivered.",
            EventName = "DeliveryFailed")]
        public static partial void DeliveryFailed(
            ILogger logger, string participant, EnvelopeKind kind, NodeIdentity from, LogText @namespace, Exception exception);
    }
}
