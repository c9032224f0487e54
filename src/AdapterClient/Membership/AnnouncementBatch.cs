using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.AdapterClient.Membership;

/// <summary>Changes that are announced together, at most one per socket and room, and those who wait until they are known.</summary>
internal sealed class AnnouncementBatch
{
    private readonly Dictionary<(string Room, string SocketId), bool> _changes = [];
    private readonly Waiters _known = new();
    private readonly Waiters _routed = new();
    private HashSet<string>? _revoked;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Whether anybody waits.</summary>
    public bool IsAwaited => _known.IsAny || _routed.IsAny;

    /// <summary>Completes when the owner knows of all this.</summary>
    public Task Known => _known.Task;

    /// <summary>Completes when broadcasts go where all this says: the owner knows of it, and nobody keeps a route any more that lacks it.</summary>
    public Task Routed => _routed.Task;

    /// <summary>Completes when the earlier batches are routed that named the same rooms, if routes of those are being revoked.</summary>
    public List<Task> After { get; } = [];

    /// <summary>The changes as (room, socket) and whether it joined.</summary>
    public Dictionary<(string Room, string SocketId), bool> Changes => _changes;

    public bool Concerns(string room, string socketId) => _changes.ContainsKey((room, socketId));

    public void Set(string room, string socketId, bool joined) => _changes[(room, socketId)] = joined;

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

    /// <summary>Routes of the rooms that were joined are being revoked.</summary>
    /// <returns>Whether there are any such rooms.</returns>
    public bool BeginRevoking()
    {
        foreach (var ((room, _), joined) in _changes)
        {
            if (joined)
            {
                (_revoked ??= new HashSet<string>(StringComparer.Ordinal)).Add(room);
            }
        }

        return _revoked is not null;
    }

    /// <summary>Whether routes of a room that another batch joins are being revoked on account of this one.</summary>
    public bool IsRevokingForAnyOf(AnnouncementBatch other)
    {
        if (_revoked is not null)
        {
            foreach (var ((room, _), joined) in other._changes)
            {
                if (joined && _revoked.Contains(room))
                {
                    return true;
                }
            }
        }

        return false;
    }

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

    // One source for all who wait for this batch, and those of batches that it took over.
    private sealed class Waiters
    {
        private List<TaskCompletionSource>? _sources;
        private TaskCompletionSource? _own;

        public bool IsAny => _sources is not null;

        public Task Task
        {
            get
            {
                if (_own is null)
                {
                    _own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    (_sources ??= []).Add(_own);
                }

                return _own.Task;
            }
        }

        public void Take(Waiters other)
        {
            if (other._sources is not null)
            {
                (_sources ??= []).AddRange(other._sources);
            }
        }

        public void Complete()
        {
            if (_sources is not null)
            {
                foreach (var source in _sources)
                {
                    source.TrySetResult();
                }
            }
        }
    }
}
