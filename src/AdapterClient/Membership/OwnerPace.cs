namespace OrleansRooms.AdapterClient.Membership;

/// <summary>
/// Holds back owners for whom nobody waits and that had a turn lately, so that where a lot changes it goes there together, and where little does, at once.
/// Not thread-safe.
/// </summary>
/// <param name="interval">How long after a turn the next may begin.</param>
/// <param name="time">The time.</param>
/// <param name="onDue">Called when <see cref="TakeDue"/> has something, on a thread of the timer.</param>
internal sealed class OwnerPace(TimeSpan interval, TimeProvider time, Action onDue) : IDisposable
{
    private readonly List<OwnerAnnouncement> _heldBack = [];
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>An owner has its turn.</summary>
    public void Note(OwnerAnnouncement owner) => owner.Turn = time.GetTimestamp();

    /// <summary>Whether an owner has to wait; it is due then after an interval at most.</summary>
    public bool TryHoldBack(OwnerAnnouncement owner)
    {
        if (_isDisposed || owner.Turn is not { } turn || time.GetElapsedTime(turn) >= interval)
        {
            return false;
        }

        if (!_heldBack.Contains(owner))
        {
            _heldBack.Add(owner);
            if (_heldBack.Count == 1)
            {
                _timer ??= time.CreateTimer(static onDue => ((Action)onDue!)(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(interval, Timeout.InfiniteTimeSpan);
            }
        }

        return true;
    }

    /// <summary>The owners that were held back.</summary>
    public OwnerAnnouncement[] TakeDue()
    {
        OwnerAnnouncement[] due = [.. _heldBack];
        _heldBack.Clear();
        return due;
    }

    /// <summary>There is nothing to tell an owner any more.</summary>
    public void Forget(OwnerAnnouncement owner) => _heldBack.Remove(owner);

    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Dispose();
    }
}
