using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Publishing.Routing;

/// <summary>An owner of rooms of one namespace: the grain of one room, or one shard of the private rooms.</summary>
/// <param name="Room">The room, or <see langword="null"/> for a shard.</param>
/// <param name="Shard">The shard, or -1 for a room.</param>
internal readonly record struct OwnerKey(string? Room, int Shard)
{
    public bool IsShard => Room is null;

    public static OwnerKey Of(string clusterKey, string ns, string room) =>
        SocketShardKey.Owns(room) ? new OwnerKey(null, SocketShardKey.Of(clusterKey, ns, room).Shard) : new OwnerKey(room, -1);

    /// <summary>The owner's grain.</summary>
    public IRoomOwner Grain(IGrainFactory grains, string clusterKey, string ns) => Room is null
        ? grains.GetGrain<ISocketShardGrain>(new SocketShardKey(clusterKey, ns, Shard).ToGrainKey())
        : grains.GetGrain<IRoomGrain>(new RoomKey(clusterKey, ns, Room).ToGrainKey());
}
