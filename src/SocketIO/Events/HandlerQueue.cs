using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Starts the user code of one socket: one piece after the other in the order of posting, on the thread pool, never two in parallel up to
/// their first asynchronous wait. In sequential mode the next begins only when the one before has completed.
/// </summary>
/// <remarks>
/// The thread that reads a connection only posts, so a handler that blocks keeps back neither heartbeats nor the acks that another
/// handler awaits. The queue object allocates nothing more until something is posted.
/// </remarks>
internal sealed class HandlerQueue : IThreadPoolWorkItem
{
    // A long queue gives its thread back now and then, so that one busy socket does not keep others waiting.
    private const int MaxStartsPerTurn = 64;
    private const int KeptCapacity = 16;

    private readonly Lock _gate = new();
    private readonly bool _isSequential;
    private readonly int _capacity;
    private readonly long _maxBytes;
    private long _bytes;
    private Queue<IHandlerWork>? _waiting;
    private bool _isScheduled;
    private bool _isBusy;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="isSequential">Whether the next piece waits until the one before has completed.</param>
    /// <param name="capacity">How many pieces may wait.</param>
    /// <param name="maxBytes">How much they may hold together; one piece alone may hold more.</param>
    public HandlerQueue(bool isSequential, int capacity, long maxBytes)
    {
        _isSequential = isSequential;
        _capacity = capacity;
        _maxBytes = maxBytes;
    }

    /// <summary>Adds a piece, if there is room for it.</summary>
    /// <returns><see langword="false"/> when the queue is full and the piece was not added.</returns>
    public bool TryPost(IHandlerWork work)
    {
        lock (_gate)
        {
            if (_waiting is { Count: > 0 } && (_waiting.Count >= _capacity || _bytes + work.Size > _maxBytes))
            {
                return false;
            }

            Enqueue_NeedsLock(work);
            return true;
        }
    }

    /// <summary>Adds a piece that must not be lost and of which there are few.</summary>
    public void Post(IHandlerWork work)
    {
        lock (_gate)
        {
            Enqueue_NeedsLock(work);
        }
    }

    /// <summary>
    /// Adds the piece that ends the socket's life, whatever the capacity. In sequential mode it overtakes the events that wait for others to
    /// complete, which are dropped; in the other mode they are about to start anyway.
    /// </summary>
    /// <returns>How many events were dropped.</returns>
    public int PostLast(IHandlerWork work)
    {
        lock (_gate)
        {
            var dropped = _isSequential && _waiting is not null ? DropEvents_NeedsLock(_waiting) : 0;
            Enqueue_NeedsLock(work);
            return dropped;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < MaxStartsPerTurn; i++)
        {
            if (!TryTake(out var work))
            {
                return;
            }

            Task running;
            using (SendTurn.Begin())
            {
                running = work.Start();
            }

            if (_isSequential && work.IsSequential)
            {
                Complete(running);
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private int DropEvents_NeedsLock(Queue<IHandlerWork> waiting)
    {
        var dropped = 0;
        for (var left = waiting.Count; left > 0; left--)
        {
            var work = waiting.Dequeue();
            if (work.IsEvent)
            {
                dropped++;
                _bytes -= work.Size;
            }
            else
            {
                waiting.Enqueue(work);
            }
        }

        return dropped;
    }

    private bool TryTake(out IHandlerWork work)
    {
        lock (_gate)
        {
            if (_waiting!.TryPeek(out work!) && !(_isBusy && work.IsSequential))
            {
                _waiting.Dequeue();
                _bytes -= work.Size;
                _isBusy |= _isSequential && work.IsSequential;
                return true;
            }

            _isScheduled = false;
            if (_waiting.Count == 0 && _waiting.Capacity > KeptCapacity)
            {
                // What one burst needed must not stay with an idle connection.
                _waiting = null;
            }

            return false;
        }
    }

    private void Complete(Task running)
    {
        if (running.IsCompleted)
        {
            Release();
            return;
        }

        running.GetAwaiter().UnsafeOnCompleted(Release);
    }

    private void Release()
    {
        lock (_gate)
        {
            _isBusy = false;
            Schedule_NeedsLock();
        }
    }

    private void Enqueue_NeedsLock(IHandlerWork work)
    {
        _waiting ??= new Queue<IHandlerWork>();
        _waiting.Enqueue(work);
        _bytes += work.Size;
        Schedule_NeedsLock();
    }

    private void Schedule_NeedsLock()
    {
        if (_isScheduled || _waiting is null || _waiting.Count == 0)
        {
            return;
        }

        _isScheduled = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }
}
