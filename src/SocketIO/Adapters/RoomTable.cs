using System.Buffers;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// Which sockets are in which rooms, and whom a broadcast selects: the rules alone, without threads, listeners or sockets. Rooms and
/// sockets keep the order in which they came, as in Socket.IO.
/// </summary>
internal sealed class RoomTable
{
    private InsertionOrderedMap<Member> _sockets = new();
    private InsertionOrderedMap<Room> _rooms = new();
    private long _selection;

    public int SocketCount => _sockets.Count;

    /// <summary>Makes a socket known, with or without rooms.</summary>
    /// <returns>Whether it was unknown.</returns>
    public bool AddSocket(string socketId) => _sockets.TryAdd(new Member(socketId));

    /// <summary>Forgets a socket that has left its rooms.</summary>
    public bool RemoveSocket(string socketId) => _sockets.Remove(socketId);

    /// <summary>Whether a socket would be in more rooms than it may, if it joined.</summary>
    public bool WouldExceed(string socketId, IReadOnlyCollection<string> rooms, int limit)
    {
        var isKnown = _sockets.TryGet(socketId, out var member);
        var count = isKnown ? member!.Rooms.Count : 0;
        if (count + rooms.Count <= limit)
        {
            return false;
        }

        var added = new HashSet<string>(rooms, StringComparer.Ordinal);
        added.RemoveWhere(room => isKnown && member!.Rooms.Contains(room));
        return count + added.Count > limit && added.Count > 0;
    }

    /// <summary>Puts a known socket into a room.</summary>
    public JoinOutcome Join(string socketId, string room)
    {
        if (!_sockets.TryGet(socketId, out var member))
        {
            throw new InvalidOperationException($"Socket '{socketId}' is unknown.");
        }

        var created = false;
        if (!_rooms.TryGet(room, out var joined))
        {
            joined = new Room(room);
            _rooms.TryAdd(joined);
            created = true;
        }

        if (!member.Rooms.TryAdd(joined))
        {
            return JoinOutcome.AlreadyMember;
        }

        joined.Members.TryAdd(member);
        return created ? JoinOutcome.JoinedNewRoom : JoinOutcome.Joined;
    }

    /// <summary>Takes a socket out of a room; the last one takes the room along.</summary>
    public LeaveOutcome Leave(string socketId, string room)
    {
        if (!_sockets.TryGet(socketId, out var member) || !_rooms.TryGet(room, out var left) || !member.Rooms.Remove(room))
        {
            return LeaveOutcome.NotAMember;
        }

        left.Members.Remove(socketId);
        if (left.Members.Count > 0)
        {
            return LeaveOutcome.Left;
        }

        _rooms.Remove(room);
        return LeaveOutcome.LeftLast;
    }

    public bool IsKnown(string socketId) => _sockets.Contains(socketId);

    public int SizeOf(string room) => _rooms.TryGet(room, out var found) ? found.Members.Count : 0;

    /// <summary>The rooms of a socket in the order of joining, or <see langword="null"/>.</summary>
    public string[]? RoomsOf(string socketId) => _sockets.TryGet(socketId, out var member) ? KeysOf(member.Rooms) : null;

    public string[] Rooms() => KeysOf(_rooms);

    public string[] MembersOf(string room) => _rooms.TryGet(room, out var found) ? KeysOf(found.Members) : [];

    /// <summary>
    /// Writes the ids of the sockets that the options select into a buffer from the shared pool, each once, in the order of their
    /// coming; a buffer that is too small is exchanged for a larger one.
    /// </summary>
    public int Select(BroadcastOptions options, ref string[] buffer)
    {
        var count = 0;
        if (options.Rooms.Length == 1 && options.Except.IsEmpty)
        {
            // By far the most frequent case; one room cannot name a socket twice.
            return _rooms.TryGet(options.Rooms[0], out var only) ? CopyAll(only.Members, ref buffer) : 0;
        }

        if (options.Rooms.IsEmpty && options.Except.IsEmpty)
        {
            return CopyAll(_sockets, ref buffer);
        }

        // A socket that carries this selection's number was left out or chosen already.
        var selection = ++_selection;
        foreach (var room in options.Except)
        {
            if (_rooms.TryGet(room, out var excluded))
            {
                foreach (var member in excluded.Members)
                {
                    member.SeenIn = selection;
                }
            }
        }

        if (options.Rooms.IsEmpty)
        {
            CopyUnseen(_sockets, selection, ref buffer, ref count);
            return count;
        }

        foreach (var room in options.Rooms)
        {
            if (_rooms.TryGet(room, out var included))
            {
                CopyUnseen(included.Members, selection, ref buffer, ref count);
            }
        }

        return count;
    }

    private static int CopyAll(in InsertionOrderedMap<Member> members, ref string[] buffer)
    {
        EnsureCapacity(ref buffer, members.Count, used: 0);
        var count = 0;
        foreach (var member in members)
        {
            buffer[count++] = member.Key;
        }

        return count;
    }

    private static void CopyUnseen(in InsertionOrderedMap<Member> members, long selection, ref string[] buffer, ref int count)
    {
        EnsureCapacity(ref buffer, count + members.Count, count);
        foreach (var member in members)
        {
            if (member.SeenIn != selection)
            {
                member.SeenIn = selection;
                buffer[count++] = member.Key;
            }
        }
    }

    private static void EnsureCapacity(ref string[] buffer, int capacity, int used)
    {
        if (buffer.Length >= capacity)
        {
            return;
        }

        var larger = ArrayPool<string>.Shared.Rent(capacity);
        buffer.AsSpan(0, used).CopyTo(larger);
        ReturnBuffer(buffer);
        buffer = larger;
    }

    /// <summary>Gives a buffer that <see cref="Select"/> filled back to the pool.</summary>
    public static void ReturnBuffer(string[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<string>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static string[] KeysOf<T>(in InsertionOrderedMap<T> map)
        where T : class, IKeyed
    {
        var keys = new string[map.Count];
        var i = 0;
        foreach (var value in map)
        {
            keys[i++] = value.Key;
        }

        return keys;
    }

    private sealed class Member(string id) : IKeyed
    {
        public InsertionOrderedMap<Room> Rooms = new();

        public string Key { get; } = id;

        public long SeenIn { get; set; }
    }

    private sealed class Room(string name) : IKeyed
    {
        public InsertionOrderedMap<Member> Members = new();

        public string Key { get; } = name;
    }
}

/// <summary>What joining a room changed.</summary>
internal enum JoinOutcome
{
    AlreadyMember,
    Joined,
    JoinedNewRoom,
}

/// <summary>What leaving a room changed.</summary>
internal enum LeaveOutcome
{
    NotAMember,
    Left,
    LeftLast,
}
