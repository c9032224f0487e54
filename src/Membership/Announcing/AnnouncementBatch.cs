using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Membership.Announcing;

/// <summary>Changes that are announced together, at most one per socket and room, and those who wait until they are known.</summary>
internal sealed class AnnouncementBatch
{
    private readonly Dictionary<(string Room, string SocketId), bool> _changes = [];
    private readonly Waiters _known = new();
    private readonly Waiters _routed = new();
    private HashSet<string>? _held;
    private long _size;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>About what it takes in a call, if no room came twice.</summary>
    public long Size => _size;

    /// <summary>Whether anybody waits.</summary>
    public bool IsAwaited => _known.IsAny || _routed.IsAny;

    /// <summary>Completes when the owner knows of all this.</summary>
    public Task Known => _known.Add(null);

    /// <summary>Completes when broadcasts go where all this says: the owner knows of it, and nobody keeps a route any more that lacks it.</summary>
    public Task Routed => _routed.Add(null);

    /// <summary>What has to be routed before this can be: earlier batches that named the same rooms, of which routes are being revoked.</summary>
    public List<Task> After { get; } = [];

    /// <summary>The changes as (room, socket) and whether it joined.</summary>
    public Dictionary<(string Room, string SocketId), bool> Changes => _changes;

    public bool Concerns(string room, string socketId) => _changes.ContainsKey((room, socketId));

    public void Set(string room, string socketId, bool joined)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_changes, (room, socketId), out var isKnown);
        change = joined;
        _size += isKnown ? 0 : room.Length + socketId.Length + CallSize.PerName;
    }

    /// <summary>
    /// Takes out as much as one call should carry, if this is more: all that concerns some of the rooms, so that of a room nothing is ever
    /// told by half, and those who
    /// wait for these rooms. Who waits for everything goes on waiting for what stays.
    /// </summary>
    public bool TryTakeFirst(int maxSize, [NotNullWhen(true)] out AnnouncementBatch? first)
    {
        first = null;
        if (_size <= maxSize)
        {
            return false;
        }

        var rooms = RoomsWithin(maxSize);
        first = new AnnouncementBatch();
        foreach (var ((room, socketId), joined) in _changes)
        {
            if (rooms.TryGetValue(room, out var same))
            {
                // One string for each room, which travels once.
                first.Set(same, socketId, joined);
                _changes.Remove((room, socketId));
            }
        }

        _size -= first._size;
        first._routed.Take(_routed, rooms);
        return true;
    }

    /// <summary>Completes when broadcasts to a room go where this says.</summary>
    public Task WhenRouted(string room) => _routed.Add(room);

    /// <summary>Lets those who wait for another batch wait for this one instead.</summary>
    public void TakeWaitersOf(AnnouncementBatch other)
    {
        _known.Take(other._known);
        _routed.Take(other._routed);
    }

    /// <summary>The owner knows.</summary>
    public void CompleteKnown() => _known.Complete();

    /// <summary>The owner knows, and nobody has to be waited for.</summary>
    public void Complete()
    {
        _known.Complete();
        _routed.Complete();
    }

    /// <summary>Holds the rooms that are joined by this and in which somebody may keep a wrong route.</summary>
    /// <param name="reply">What tells who may.</param>
    public void Hold(MembershipReply reply)
    {
        foreach (var ((room, _), joined) in _changes)
        {
            if (joined && (reply.Generation != 0 || reply.Rooms.Contains(room)))
            {
                (_held ??= new HashSet<string>(StringComparer.Ordinal)).Add(room);
            }
        }
    }

    /// <summary>Holds the rooms that are joined by this and held on account of an earlier batch.</summary>
    public void HoldAfter(AnnouncementBatch earlier)
    {
        var isAny = false;
        foreach (var ((room, _), joined) in _changes)
        {
            if (joined && earlier._held!.Contains(room))
            {
                isAny = true;
                (_held ??= new HashSet<string>(StringComparer.Ordinal)).Add(room);
            }
        }

        if (isAny)
        {
            After.Add(earlier.Routed);
        }
    }

    /// <summary>Whether some of the rooms are held; who waits for another goes on.</summary>
    public bool CompleteUnlessHeld()
    {
        _routed.Complete(_held);
        return _held is not null;
    }

    /// <summary>Whether those who wait for a room have to wait for more than the owner.</summary>
    public bool Holds(string room) => _held is not null && _held.Contains(room);

    public MembershipChange[] ToChanges()
    {
        var changes = new MembershipChange[_changes.Count];
        var i = 0;
        foreach (var ((room, socketId), joined) in _changes)
        {
            changes[i++] = new MembershipChange(room, socketId, joined);
        }

        return changes;
    }

    private HashSet<string> RoomsWithin(int maxSize)
    {
        var rooms = new HashSet<string>(StringComparer.Ordinal);
        long size = 0;
        foreach (var (room, socketId) in _changes.Keys)
        {
            if (size >= maxSize)
            {
                break;
            }

            size += (rooms.Add(room) ? room.Length : 0) + socketId.Length + CallSize.PerName;
        }

        return rooms;
    }

    // Those who wait for one room or, if none is named, for all of this; and those of batches that it took over.
    private sealed class Waiters
    {
        private List<(string? Room, TaskCompletionSource Source)>? _all;
        private TaskCompletionSource? _forAll;

        public bool IsAny => _all is not null;

        public Task Add(string? room)
        {
            if (room is null && _forAll is not null)
            {
                return _forAll.Task;
            }

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _forAll ??= room is null ? source : null;
            (_all ??= []).Add((room, source));
            return source.Task;
        }

        public void Take(Waiters other)
        {
            if (other._all is not null)
            {
                (_all ??= []).AddRange(other._all);
            }
        }

        public void Take(Waiters other, HashSet<string> rooms)
        {
            foreach (var waiter in other._all ?? [])
            {
                if (waiter.Room is not null && rooms.Contains(waiter.Room))
                {
                    (_all ??= []).Add(waiter);
                }
            }

            other._all?.RemoveAll(waiter => waiter.Room is not null && rooms.Contains(waiter.Room));
            other._all = other._all is { Count: 0 } ? null : other._all;
        }

        public void Complete(HashSet<string>? except = null)
        {
            foreach (var (room, source) in _all ?? [])
            {
                if (except is null || (room is not null && !except.Contains(room)))
                {
                    source.TrySetResult();
                }
            }
        }
    }
}
