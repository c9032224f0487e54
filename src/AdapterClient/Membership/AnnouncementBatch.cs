using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.AdapterClient.Membership;

/// <summary>Changes that are announced together, at most one per socket and room, and those who wait until they are known.</summary>
internal sealed class AnnouncementBatch
{
    private readonly Dictionary<(string Room, string SocketId), bool> _changes = [];

    // One for all who wait for this batch, and those of batches that it took over.
    private readonly List<TaskCompletionSource> _waiters = [];
    private TaskCompletionSource? _known;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Whether anybody waits.</summary>
    public bool IsAwaited => _waiters.Count > 0;

    /// <summary>Completes when the owner knows of all this.</summary>
    public Task Known
    {
        get
        {
            if (_known is null)
            {
                _known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiters.Add(_known);
            }

            return _known.Task;
        }
    }

    /// <summary>The changes as (room, socket) and whether it joined.</summary>
    public Dictionary<(string Room, string SocketId), bool> Changes => _changes;

    public bool Concerns(string room, string socketId) => _changes.ContainsKey((room, socketId));

    public void Set(string room, string socketId, bool joined) => _changes[(room, socketId)] = joined;

    /// <summary>Lets those who wait for another batch wait for this one instead.</summary>
    public void TakeWaitersOf(AnnouncementBatch other) => _waiters.AddRange(other._waiters);

    public void Complete()
    {
        foreach (var waiter in _waiters)
        {
            waiter.TrySetResult();
        }
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
}
