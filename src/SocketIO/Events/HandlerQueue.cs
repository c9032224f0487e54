using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Starts the user code of one socket: one piece after the other in the order of posting, on the thread pool, never two in parallel up to
/// their first asynchronous wait. In sequential mode the next begins only when the one before has completed.
/// </summary>
/// <remarks>
/// The thread that reads a connection only posts, so a handler that blocks keeps back neither heartbeats nor the acks that another
/// handler awaits. Pieces that wait are linked to each other, so the queue needs no memory for them, and no socket keeps what a burst
/// needed. Nobody but its socket sees the queue, so it is its own lock, and the socket's.
/// </remarks>
internal sealed class HandlerQueue : IThreadPoolWorkItem
{
    // A long queue gives its thread back now and then, so that one busy socket does not keep others waiting.
    private const int MaxStartsPerTurn = 64;

    private readonly bool _isSequential;
    private readonly int _capacity;
    private readonly long _maxBytes;
    private long _bytes;
    private IHandlerWork? _first;
    private IHandlerWork? _last;
    private int _count;
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
        lock (this)
        {
            if (_count > 0 && (_count >= _capacity || _bytes + work.Size > _maxBytes))
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
        lock (this)
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
        lock (this)
        {
            var dropped = _isSequential ? DropEvents_NeedsLock() : 0;
            Enqueue_NeedsLock(work);
            return dropped;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < MaxStartsPerTurn; i++)
        {
            if (TryTake() is not { } work)
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

    private int DropEvents_NeedsLock()
    {
        var dropped = 0;
        for (var left = _count; left > 0; left--)
        {
            var work = Unlink_NeedsLock();
            if (work.IsEvent)
            {
                dropped++;
            }
            else
            {
                Link_NeedsLock(work);
            }
        }

        return dropped;
    }

    private IHandlerWork? TryTake()
    {
        lock (this)
        {
            if (_first is not null && !(_isBusy && _first.IsSequential))
            {
                var work = Unlink_NeedsLock();
                _isBusy |= _isSequential && work.IsSequential;
                return work;
            }

            _isScheduled = false;
            return null;
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
        lock (this)
        {
            _isBusy = false;
            Schedule_NeedsLock();
        }
    }

    private void Enqueue_NeedsLock(IHandlerWork work)
    {
        Link_NeedsLock(work);
        Schedule_NeedsLock();
    }

    private void Link_NeedsLock(IHandlerWork work)
    {
        if (_last is null)
        {
            _first = work;
        }
        else
        {
            _last.Next = work;
        }

        _last = work;
        _count++;
        _bytes += work.Size;
    }

    private IHandlerWork Unlink_NeedsLock()
    {
        var work = _first!;
        _first = work.Next;
        if (_first is null)
        {
            _last = null;
        }

        // Handlers may keep their event, and must not keep those behind it too.
        work.Next = null;
        _count--;
        _bytes -= work.Size;
        return work;
    }

    private void Schedule_NeedsLock()
    {
        if (_isScheduled || _first is null)
        {
            return;
        }

        _isScheduled = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }
}
