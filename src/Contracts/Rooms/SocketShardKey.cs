using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>Names one shard of the private rooms of a namespace.</summary>
/// <param name="ClusterKey">Keeps applications apart that share one Orleans cluster.</param>
/// <param name="Namespace">The namespace with its leading slash.</param>
/// <param name="Shard">The shard, from 0 to <see cref="Count"/> - 1.</param>
public readonly record struct SocketShardKey(string ClusterKey, string Namespace, int Shard)
{
    /// <summary>How many shards a namespace has. Part of the wire format: all silos and nodes of a cluster must agree.</summary>
    public const int Count = 64;

    /// <summary>The length of a socket id.</summary>
    public const int SocketIdLength = 20;

    /// <summary>
    /// Whether a room is served by a shard: its name looks like a socket id, 20 characters of base64url, as both this server and
    /// Node.js make them. An ordinary room that happens to look like that works just the same.
    /// </summary>
    public static bool Owns(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (room.Length != SocketIdLength)
        {
            return false;
        }

        foreach (var c in room)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The shard that serves a private room.</summary>
    public static SocketShardKey Of(string clusterKey, string ns, string room)
    {
        // Must give the same number in every process, which string.GetHashCode does not.
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(room.AsSpan()));
        return new SocketShardKey(clusterKey, ns, (int)(hash % Count));
    }

    /// <summary>The grain key.</summary>
    public string ToGrainKey() => GrainKey.Join(ClusterKey, Namespace, Shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="ToGrainKey"/>.</exception>
    public static SocketShardKey Parse(string grainKey)
    {
        var parts = GrainKey.Split(grainKey, 3);
        return new SocketShardKey(parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
