using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.AdapterClient.Membership;

/// <summary>Changes that are announced together, at most one per socket and room, and those who wait until they are known.</summary>
internal sealed class AnnouncementBatch
{
    private readonly Dictionary<(string Room, string SocketId), bool> _changes = [];
    private TaskCompletionSource? _known;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Whether anybody waits.</summary>
    public bool IsAwaited => _known is not null;

    /// <summary>Completes when the owner knows of all this.</summary>
    public Task Known => (_known ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The changes as (room, socket) and whether it joined.</summary>
    public Dictionary<(string Room, string SocketId), bool> Changes => _changes;

    public bool Concerns(string room, string socketId) => _changes.ContainsKey((room, socketId));

    public void Set(string room, string socketId, bool joined) => _changes[(room, socketId)] = joined;

    /// <summary>Drops the changes, because a snapshot says it all, and keeps those who wait.</summary>
    public void ClearChanges() => _changes.Clear();

    /// <summary>Lets those who wait for another batch wait for this one instead.</summary>
    public void TakeWaitersOf(AnnouncementBatch other)
    {
        if (other._known is not { } waiting)
        {
            return;
        }

        if (_known is null)
        {
            _known = waiting;
        }
        else
        {
            _known.Task.ContinueWith(
                static (_, state) => ((TaskCompletionSource)state!).TrySetResult(),
                waiting,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    public void Complete() => _known?.TrySetResult();

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
