using System.Globalization;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>Names one shard of the rooms of a namespace.</summary>
/// <param name="ClusterKey">Keeps applications apart that share one Orleans cluster.</param>
/// <param name="Namespace">The namespace with its leading slash.</param>
/// <param name="Shard">The shard, from 0 to <see cref="Count"/> - 1.</param>
public readonly record struct RoomShardKey(string ClusterKey, string Namespace, int Shard)
{
    /// <summary>How many shards a namespace has. Part of the wire format: all silos and nodes of a cluster must agree.</summary>
    public const int Count = 64;

    /// <summary>The number of the shard that a room falls into, whatever namespace it is of.</summary>
    public static int ShardOf(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        // Must give the same number in every process, which string.GetHashCode does not.
        return (int)(NameHash.Of(room) % Count);
    }

    /// <summary>The shard that a room falls into.</summary>
    public static RoomShardKey Of(string clusterKey, string ns, string room) => new(clusterKey, ns, ShardOf(room));

    /// <summary>The grain key; different for different shards whatever characters the names hold.</summary>
    public string ToGrainKey() => GrainKey.Join(ClusterKey, Namespace, Shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="ToGrainKey"/>.</exception>
    public static RoomShardKey Parse(string grainKey)
    {
        var parts = GrainKey.Split(grainKey, 3);
        return int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var shard) && shard < Count
            ? new RoomShardKey(parts[0], parts[1], shard)
            : throw new FormatException($"'{grainKey}' does not name one of the {Count} shards of a namespace.");
    }
}
