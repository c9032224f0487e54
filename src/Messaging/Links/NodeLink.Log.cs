using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Links;

internal sealed partial class NodeLink
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Participant}: more waits for node {Destination} than is kept; volatile messages are dropped first, then new ones.",
            EventName = "LinkFull")]
        public static partial void LinkFull(ILogger logger, string participant, NodeIdentity destination);

        [LoggerMessage(2, LogLevel.Warning,
            "{Participant}: more of answers waits for node {Destination} than is kept; those for which there is no room are told to " +
            "have failed.",
            EventName = "AnswersFull")]
        public static partial void AnswersFull(ILogger logger, string participant, NodeIdentity destination);
    }
}
