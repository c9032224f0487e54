using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Owns the private rooms of one shard of a namespace.</summary>
[GrainType("rooms.socket-shard")]
[Reentrant]
[CollectionAgeLimit(Minutes = RoomGrain.EmptyMinutes)]
internal sealed class SocketShardGrain : RoomOwnerGrain, ISocketShardGrain
{
    private readonly SocketShardKey _key;

    public SocketShardGrain(IGrainContext context, RoomOwnerServices services)
        : this(context, services, SocketShardKey.Parse(context.GrainId.Key.ToString()!))
    {
    }

    private SocketShardGrain(IGrainContext context, RoomOwnerServices services, SocketShardKey key)
        : base(context, services, key.ClusterKey, key.Namespace) =>
        _key = key;

    protected override bool Owns(string room) => SocketShardKey.Owns(room) && SocketShardKey.Of(_key.ClusterKey, _key.Namespace, room) == _key;
}
