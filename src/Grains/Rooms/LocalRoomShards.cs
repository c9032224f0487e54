using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>The owners of rooms that live in this silo. Thread-safe.</summary>
internal sealed class LocalRoomShards(ILocalSiloDetails silo)
{
    private readonly ConcurrentDictionary<RoomShardKey, RoomShardGrain> _shards = new();

    /// <summary>The number by which nodes tell this silo from others; not 0.</summary>
    public int SiloNumber { get; } = silo.SiloAddress.GetConsistentHashCode() is not 0 and var number ? number : 1;

    public void Add(RoomShardKey key, RoomShardGrain shard) => _shards[key] = shard;

    /// <summary>Takes an owner out that ends; not another that has come up in its place.</summary>
    public void Remove(RoomShardKey key, RoomShardGrain shard) => _shards.TryRemove(new(key, shard));

    public RoomShardGrain? Find(RoomShardKey key) => _shards.GetValueOrDefault(key);
}
