using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Membership.Tests.Routes;

/// <summary>The owner of the room.</summary>
internal sealed class RouteOwner(TimeProvider time, TimeSpan routeLease)
{
    private bool _isWhole;

    public RoomMembership Members { get; } = new();

    public RouteHolders Holders { get; } = new(routeLease, time);

    public long? Generation { get; set; }

    public DirectoryView? View { get; set; }

    /// <summary>As <see cref="Completeness"/> decides.</summary>
    public bool IsWhole => _isWhole |= Generation is { } generation && View is { } view && view.Settled >= generation;
}
