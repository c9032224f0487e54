namespace OrleansRooms.EngineIO.Sessions;

/// <summary>Counts what is under way, so that a shutdown can turn newcomers away and wait for the rest. Thread-safe.</summary>
internal sealed class Rundown
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _count;
    private bool _isClosed;

    /// <summary>Whether newcomers are turned away.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Something begins; <see langword="false"/> when it is too late for that.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_isClosed) return false;
            _count++;
            return true;
        }
    }

    /// <summary>Something begins as part of something that has entered and not left yet.</summary>
    public void EnterNested()
    {
        lock (_lock) _count++;
    }

    /// <summary>Something has ended.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_count > 0 || !_isClosed) return;
        }

        _done.TrySetResult();
    }

    /// <summary>Turns newcomers away from now on; the task completes when all that was under way has ended.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_count == 0) _done.TrySetResult();
        }

        return _done.Task;
    }
}
