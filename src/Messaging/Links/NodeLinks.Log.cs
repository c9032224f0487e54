using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Links;

internal sealed partial class NodeLinks
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Participant}: a {Kind} of {Bytes} bytes to node {Destination} is more than the {Limit} of MaxMessageBytes; the node hears " +
            "that there is none.",
            EventName = "AnswerTooLarge")]
        public static partial void AnswerTooLarge(
            ILogger logger, string participant, EnvelopeKind kind, NodeIdentity destination, int bytes, int limit);
    }
}
