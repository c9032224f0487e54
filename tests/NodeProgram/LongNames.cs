using System.IO.Hashing;
using System.Text;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.NodeProgram;

/// <summary>Rooms with long names, all with one owner: as many bytes for one grain as a client may send.</summary>
internal sealed class LongNames
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Room, int Count, int Bytes), string[]> _names = [];

    /// <summary>Names that fall into the shard of a room; the same ones every time.</summary>
    public string[] Of(string room, int count, int bytes)
    {
        lock (_lock)
        {
            if (!_names.TryGetValue((room, count, bytes), out var names))
            {
                _names.Add((room, count, bytes), names = Find(room, count, bytes));
            }

            return names;
        }
    }

    // One of 64 fits. What they have in common is hashed once.
    private static string[] Find(string room, int count, int bytes)
    {
        var shard = RoomShardKey.ShardOf(room);
        var names = new List<string>(count);
        var padding = new string('x', bytes - 8);
        var hashed = new XxHash3();
        hashed.Append(Encoding.UTF8.GetBytes(padding));
        for (var number = 0; names.Count < count; number++)
        {
            var end = $"{number:D8}";
            var hash = hashed.Clone();
            hash.Append(Encoding.UTF8.GetBytes(end));
            if ((int)(hash.GetCurrentHashAsUInt64() % RoomShardKey.Count) == shard)
            {
                names.Add(padding + end);
            }
        }

        return RoomShardKey.ShardOf(names[0]) == shard
            ? [.. names]
            : throw new InvalidOperationException("Names are hashed in another way.");
    }
}
