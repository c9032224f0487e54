using Microsoft.Extensions.Logging;

namespace OrleansRooms.Membership;

internal sealed partial class JoinPatience
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node}: joins complete before the cluster knows of them; it is told as soon as it answers.", EventName = "JoinsNotKnown")]
        public static partial void JoinsNotKnown(ILogger logger, string node);
    }
}
