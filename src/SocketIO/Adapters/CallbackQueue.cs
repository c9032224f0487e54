namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// Hands items to a callback one at a time in the order in which they were added, whichever thread gets to it, and never under a
/// lock. What the callback itself adds comes after what is already waiting.
/// </summary>
/// <param name="callback">Takes the items. When it throws, the call that ran it throws and what still waits is left to the next.</param>
internal sealed class CallbackQueue<T>(Action<T> callback)
{
    private readonly Queue<T> _waiting = new();
    private readonly Lock _lock = new();
    private bool _isRunning;

    /// <summary>Adds an item without running the callback, so that it may be called under the lock that orders the items.</summary>
    public void Add(T item)
    {
        lock (_lock)
        {
            _waiting.Enqueue(item);
        }
    }

    /// <summary>Hands on everything that waits, unless another call is at it, which then takes these items too.</summary>
    public void Run()
    {
        lock (_lock)
        {
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        try
        {
            while (TryTake(out var item))
            {
                callback(item);
            }
        }
        catch
        {
            lock (_lock)
            {
                _isRunning = false;
            }

            throw;
        }
    }

    private bool TryTake(out T item)
    {
        lock (_lock)
        {
            _isRunning = _waiting.TryDequeue(out item!);
            return _isRunning;
        }
    }
}
