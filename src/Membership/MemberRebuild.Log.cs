using Microsoft.Extensions.Logging;

namespace OrleansRooms.Membership;

internal sealed partial class MemberRebuild
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Node {Node}: the cluster may have lost rooms; telling it again what this node holds, for generation {Generation}.", EventName = "Telling")]
        public static partial void Telling(ILogger logger, string node, long generation);
    }
}
