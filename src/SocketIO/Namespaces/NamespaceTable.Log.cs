using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class NamespaceTable
{
    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Error,
            "Whether {Namespace} may be made could not be found out; it counts as no.",
            EventName = "MatcherFailed")]
        public static partial void MatcherFailed(ILogger logger, Exception exception, LogText @namespace);

        [LoggerMessage(21, LogLevel.Warning,
            "A client asked for {Namespace}, whose parent has {Limit} dynamic namespaces already (MaxChildNamespaces); it is refused. " +
            "Further ones are counted, and logged again when half of them have gone.",
            EventName = "TooManyChildNamespaces")]
        public static partial void TooManyChildNamespaces(ILogger logger, LogText @namespace, int limit);
    }
}
