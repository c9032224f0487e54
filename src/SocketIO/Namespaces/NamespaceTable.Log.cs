using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class NamespaceTable
{
    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Error, "Whether {Namespace} may be made could not be found out; it counts as no.", EventName = "MatcherFailed")]
        public static partial void MatcherFailed(ILogger logger, Exception exception, string @namespace);
    }
}
