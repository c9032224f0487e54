using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>
/// Owns one room. It comes up in the silo of whoever speaks to it first, usually a node with a member: what that node sends to the room is routed
/// without leaving the process if the node is in the silo too.
/// </summary>
[GrainType("rooms.room")]
[PreferLocalPlacement]
[Reentrant]
[CollectionAgeLimit(Minutes = EmptyMinutes)]
internal sealed class RoomGrain : RoomOwnerGrain, IRoomGrain
{
    /// <summary>How long an empty room without calls stays; long enough for members who come and go not to pay for activations.</summary>
    internal const double EmptyMinutes = 2;

    private readonly string _room;

    public RoomGrain(IGrainContext context, RoomOwnerServices services)
        : this(context, services, RoomKey.Parse(context.GrainId.Key.ToString()!))
    {
    }

    private RoomGrain(IGrainContext context, RoomOwnerServices services, RoomKey key)
        : base(context, services, key.ClusterKey, key.Namespace) =>
        _room = key.Room;

    protected override bool Owns(string room) => room == _room;
}
