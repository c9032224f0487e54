using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Publishing.Routing;

/// <summary>An owner of rooms of one namespace: the grain of one room, one shard of the private rooms, or one of the index of rooms.</summary>
/// <param name="Room">The room, or <see langword="null"/> for a shard.</param>
/// <param name="Shard">The shard, or -1 for a room.</param>
/// <param name="IsIndex">Whether it is a shard of the index.</param>
internal readonly record struct OwnerKey(string? Room, int Shard, bool IsIndex = false)
{
    public bool IsShard => Room is null;

    public static OwnerKey Of(string clusterKey, string ns, string room) =>
        SocketShardKey.Owns(room) ? new OwnerKey(null, SocketShardKey.Of(clusterKey, ns, room).Shard) : new OwnerKey(room, -1);

    /// <summary>The shard of the index that lists a room.</summary>
    public static OwnerKey OfIndex(string clusterKey, string ns, string room) =>
        new(null, RoomIndexKey.Of(clusterKey, ns, room).Shard, IsIndex: true);
}
