using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Messaging.Queries;

/// <summary>
/// The rooms of one shard of the rooms as a follower knows them, and what it has to be told: each coming and going once, whatever
/// activation of the shard says so. Not thread-safe.
/// </summary>
/// <remarks>
/// A shard that was lost and rebuilt lists its rooms anew; only what differs from what was known has happened meanwhile.
/// </remarks>
internal sealed class RoomMirror
{
    private HashSet<string>? _rooms;

    /// <summary>Up to where the shard has been followed.</summary>
    public RoomLogPosition Position { get; private set; }

    /// <summary>Whether the shard has been heard at all.</summary>
    public bool IsKnown => _rooms is not null;

    /// <summary>Takes what the shard says.</summary>
    /// <returns>What came and went; nothing the first time, which tells what is there already.</returns>
    public IReadOnlyList<RoomExistence> Take(RoomNews news)
    {
        Position = news.Position;
        return news.IsWhole ? TakeWhole(news) : TakeChanges(news);
    }

    private List<RoomExistence> TakeWhole(RoomNews news)
    {
        var rooms = new HashSet<string>(news.Rooms.Length, StringComparer.Ordinal);
        var changes = new List<RoomExistence>();
        foreach (var (room, _) in news.Rooms)
        {
            rooms.Add(room);
            if (_rooms is not null && !_rooms.Remove(room))
            {
                changes.Add(new RoomExistence(room, Exists: true));
            }
        }

        foreach (var room in _rooms ?? [])
        {
            changes.Add(new RoomExistence(room, Exists: false));
        }

        _rooms = rooms;
        return changes;
    }

    private List<RoomExistence> TakeChanges(RoomNews news)
    {
        var changes = new List<RoomExistence>(news.Rooms.Length);
        _rooms ??= new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in news.Rooms)
        {
            if (change.Exists ? _rooms.Add(change.Room) : _rooms.Remove(change.Room))
            {
                changes.Add(change);
            }
        }

        return changes;
    }
}
