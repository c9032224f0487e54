using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Messaging.Routing;

/// <summary>References to the grains that own the rooms of one namespace. Thread-safe.</summary>
/// <remarks>
/// Orleans looks at the interface's attributes for each reference that it makes by interface and key, which costs more than most of what is
/// done with one.
/// </remarks>
internal sealed class RoomShards(ClusterParticipant participant, string ns)
{
    private readonly IRoomShardGrain?[] _shards = new IRoomShardGrain?[RoomShardKey.Count];

    /// <summary>The owner of a room.</summary>
    public IRoomShardGrain this[string room] => this[RoomShardKey.ShardOf(room)];

    /// <summary>The owner with a number.</summary>
    public IRoomShardGrain this[int shard] => _shards[shard] ?? Find(shard);

    private IRoomShardGrain Find(int shard)
    {
        var found = participant.Grains.GetGrain<IRoomShardGrain>(new RoomShardKey(participant.ClusterKey, ns, shard).ToGrainKey());
        if (IsKnown(found))
        {
            _shards[shard] = found;
        }

        return found;
    }

    // As long as no silo is known to have the grain's class, what Orleans gives is a placeholder, which must not be kept.
    private static bool IsKnown(IRoomShardGrain grain) =>
        grain.GetGrainId().Type.ToString()!.StartsWith("rooms.", StringComparison.Ordinal);
}
