using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Names of rooms, chosen by the shards they fall into.</summary>
internal static class ShardedRooms
{
    /// <summary>One room of each shard.</summary>
    public static string[] InEveryShard(string prefix) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(i => $"{prefix}{i}").DistinctBy(RoomShardKey.ShardOf).Take(RoomShardKey.Count)];
}
