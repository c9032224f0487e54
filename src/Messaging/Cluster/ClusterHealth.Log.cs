using Microsoft.Extensions.Logging;

namespace OrleansRooms.Messaging.Cluster;

internal sealed partial class ClusterHealth
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "{Participant}: the cluster does not answer. Sockets of this process are served; the rest waits and is tried again.",
            EventName = "ClusterDoesNotAnswer")]
        public static partial void ClusterDoesNotAnswer(ILogger logger, string participant, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "{Participant}: the cluster answers again after {Duration}.", EventName = "ClusterIsBack")]
        public static partial void ClusterIsBack(ILogger logger, string participant, TimeSpan duration);
    }
}
