using Microsoft.Extensions.Logging;

namespace OrleansRooms.AdapterClient.Membership;

internal sealed partial class MembershipAnnouncer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The owner of room '{Room}' in namespace {Namespace} refuses its members; broadcasts of other nodes do not reach them.", EventName = "AnnouncementRefused")]
        public static partial void AnnouncementRefused(ILogger logger, string @namespace, string? room, Exception exception);

        [LoggerMessage(2, LogLevel.Critical, "Announcing the members of room '{Room}' in namespace {Namespace} has ended by a fault of the adapter; the room is not announced any more. Please report it.", EventName = "AnnouncerFailed")]
        public static partial void AnnouncerFailed(ILogger logger, string @namespace, string? room, Exception exception);
    }
}
