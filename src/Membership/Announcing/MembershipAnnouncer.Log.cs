using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Membership.Announcing;

internal sealed partial class MembershipAnnouncer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The owner of shard {Shard} of the rooms of namespace {Namespace} refuses this node's members; broadcasts of other nodes do not reach them.", EventName = "AnnouncementRefused")]
        public static partial void AnnouncementRefused(ILogger logger, LogText @namespace, int shard, Exception exception);

        [LoggerMessage(2, LogLevel.Critical, "Announcing members of rooms of namespace {Namespace} has ended by a fault of the adapter; some are not announced any more. Please report it.", EventName = "AnnouncerFailed")]
        public static partial void AnnouncerFailed(ILogger logger, LogText @namespace, Exception exception);
    }
}
