using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Owns one room.</summary>
[GrainType("rooms.room")]
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
