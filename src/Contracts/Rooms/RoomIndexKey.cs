using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>Names one shard of the index of a namespace's rooms.</summary>
/// <param name="ClusterKey">Keeps applications apart that share one Orleans cluster.</param>
/// <param name="Namespace">The namespace with its leading slash.</param>
/// <param name="Shard">The shard, from 0 to <see cref="Count"/> - 1.</param>
public readonly record struct RoomIndexKey(string ClusterKey, string Namespace, int Shard)
{
    /// <summary>How many shards a namespace has. Part of the wire format: all silos and nodes of a cluster must agree.</summary>
    public const int Count = 16;

    /// <summary>What stands for a node's sockets in the index, which knows rooms and nodes only.</summary>
    public const string Marker = "*";

    /// <summary>Whether a room is listed: all are but those whose names look like a socket id, as private rooms do.</summary>
    public static bool Lists(string room) => !SocketShardKey.Owns(room);

    /// <summary>The shard that lists a room.</summary>
    public static RoomIndexKey Of(string clusterKey, string ns, string room) =>
        // Must give the same number in every process, which string.GetHashCode does not.
        new(clusterKey, ns, (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(room.AsSpan())) % Count));

    /// <summary>The grain key.</summary>
    public string ToGrainKey() => GrainKey.Join(ClusterKey, Namespace, Shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="ToGrainKey"/>.</exception>
    public static RoomIndexKey Parse(string grainKey)
    {
        var parts = GrainKey.Split(grainKey, 3);
        return new RoomIndexKey(parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
