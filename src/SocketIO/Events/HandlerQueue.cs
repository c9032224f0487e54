using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Starts the user code of one socket: one piece after the other in the order of posting, on the thread pool, never two in parallel up to
/// their first asynchronous wait. In sequential mode the next begins only when the one before has completed.
/// </summary>
/// <remarks>
/// The thread that reads a connection only posts, so a handler that blocks keeps back neither heartbeats nor the acks that another
/// handler awaits, until there are so many events that reading waits for them (<see cref="WhenRelieved"/>). Pieces that wait are linked to
/// each other, so the queue needs no memory for them, and no socket keeps what a burst needed. Nobody but its socket sees the queue, so it
/// is its own lock, and the socket's.
/// </remarks>
internal sealed class HandlerQueue : IThreadPoolWorkItem
{
    // A long queue gives its thread back now and then, so that one busy socket does not keep others waiting.
    private const int MaxStartsPerTurn = 64;

    private readonly bool _isSequential;
    private readonly int _capacity;
    private readonly long _maxBytes;
    private long _bytes;
    private long _waitingBytes;
    private IHandlerWork? _first;
    private IHandlerWork? _last;
    private TaskCompletionSource? _relief;
    private TaskCompletionSource? _over;
    private HeldEmits? _held;
    private ExecutionContext? _context;
    private int _count;
    private int _events;
    private bool _isScheduled;
    private bool _isBusy;
    private bool _isLastPosted;
    private bool _isRefusing;
    private volatile bool _hasClient;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="isSequential">Whether the next piece waits until the one before has completed.</param>
    /// <param name="capacity">How many pieces may wait.</param>
    /// <param name="maxBytes">
    /// How much they may hold together, events until they have completed; one piece alone may hold more, and counts as half of it then.
    /// </param>
    public HandlerQueue(bool isSequential, int capacity, long maxBytes)
    {
        _isSequential = isSequential;
        _capacity = capacity;
        _maxBytes = maxBytes;
    }

    /// <summary>Adds a piece, if there is room for it.</summary>
    /// <returns><see langword="false"/> when the queue is full and the piece was not added.</returns>
    public bool TryPost(IHandlerWork work) => TryPost(work, out _);

    /// <inheritdoc cref="TryPost(IHandlerWork)"/>
    /// <param name="work">The piece.</param>
    /// <param name="isFirstRefusal">Whether it is the first that was not added since half of the room was free.</param>
    public bool TryPost(IHandlerWork work, out bool isFirstRefusal)
    {
        lock (this)
        {
            isFirstRefusal = false;
            if (_count > 0 && (_count >= _capacity || _waitingBytes + work.Size > _maxBytes))
            {
                isFirstRefusal = !_isRefusing;
                _isRefusing = true;
                return false;
            }

            Enqueue_NeedsLock(work);
            return true;
        }
    }

    /// <summary>Adds an event, however many there are.</summary>
    /// <returns>
    /// Whether there may be another: fewer events wait or have begun without having completed than there is room for. If not, whoever posts
    /// should wait for <see cref="WhenRelieved"/>.
    /// </returns>
    public bool PostEvent(IHandlerWork work)
    {
        lock (this)
        {
            _hasClient = true;
            Enqueue_NeedsLock(work);
            return _events < _capacity && _bytes < _maxBytes;
        }
    }

    /// <summary>
    /// Completes when no more events than half of what there is room for wait or have begun without having completed, or the last piece has
    /// been posted.
    /// </summary>
    public Task WhenRelieved()
    {
        lock (this)
        {
            if (_isLastPosted || IsRelieved_NeedsLock)
            {
                return Task.CompletedTask;
            }

            _relief ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _relief.Task;
        }
    }

    /// <summary>Completes when no event waits or is being handled.</summary>
    public Task WhenEventsOver()
    {
        lock (this)
        {
            if (_events == 0)
            {
                return Task.CompletedTask;
            }

            _over ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _over.Task;
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
    /// Adds the piece that ends the socket's life, whatever the capacity. In sequential mode it overtakes the events that wait for others
    /// to complete, which are dropped; in the other mode they are about to start anyway.
    /// </summary>
    /// <returns>How many events were dropped.</returns>
    public int PostLast(IHandlerWork work)
    {
        lock (this)
        {
            var dropped = _isSequential ? DropEvents_NeedsLock() : 0;
            Enqueue_NeedsLock(work);
            _isLastPosted = true;
            Relieve_NeedsLock();
            return dropped;
        }
    }

    /// <summary>The adapter has room again for what the handlers emit.</summary>
    public void GoOn()
    {
        lock (this)
        {
            Schedule_NeedsLock();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        EnterContext();
        IHandlerWork? completed = null;
        for (var i = 0; i < MaxStartsPerTurn; i++)
        {
            if (TryTake(completed) is not { } work)
            {
                return;
            }

            Task running;
            using (SendTurn.Begin())
            {
                running = work.Start();
            }

            if (running.IsCompleted)
            {
                completed = work;
                continue;
            }

            completed = null;
            running.ContinueWith(
                static (_, state) =>
                {
                    var (queue, work) = ((HandlerQueue, IHandlerWork))state!;
                    queue.Complete(work);
                },
                (this, work),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        if (completed is not null)
        {
            Complete(completed);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // The pool leaves it behind this piece of its work. Only what clients send can be held up; sockets without events keep none.
    private void EnterContext()
    {
        if (_context is not null)
        {
            ExecutionContext.Restore(_context);
        }
        else if (_hasClient)
        {
            _held = HeldEmits.Begin();
            _context = ExecutionContext.Capture();
        }
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
                Forget_NeedsLock(work);
            }
            else
            {
                Link_NeedsLock(work);
            }
        }

        return dropped;
    }

    private IHandlerWork? TryTake(IHandlerWork? completed)
    {
        lock (this)
        {
            if (completed is not null)
            {
                Complete_NeedsLock(completed);
            }

            if (_first is not null && !(_isBusy && _first.IsSequential) && !IsHeldUp_NeedsLock(_first))
            {
                var work = Unlink_NeedsLock();
                _isBusy |= _isSequential && work.IsSequential;
                return work;
            }

            _isScheduled = false;
            return null;
        }
    }

    // The end of the socket's life waits for nobody.
    private bool IsHeldUp_NeedsLock(IHandlerWork next) => next.IsEvent && !_isLastPosted && _held is not null && _held.MustWait(this);

    private void Complete(IHandlerWork work)
    {
        lock (this)
        {
            Complete_NeedsLock(work);
            Schedule_NeedsLock();
        }
    }

    private void Complete_NeedsLock(IHandlerWork work)
    {
        Forget_NeedsLock(work);
        _isBusy &= !work.IsSequential;
        Relieve_NeedsLock();
    }

    private void Forget_NeedsLock(IHandlerWork work)
    {
        if (work.IsEvent)
        {
            _events--;
            _bytes -= Counted(work);
        }

        if (_events == 0)
        {
            _over?.SetResult();
            _over = null;
        }
    }

    // One that reaches the limit alone leaves room for what its handler may wait for, such as the answer of the client.
    private long Counted(IHandlerWork work) => work.Size < _maxBytes ? work.Size : _maxBytes / 2;

    private bool IsRelieved_NeedsLock => _events <= _capacity / 2 && _bytes <= _maxBytes / 2;

    private void Relieve_NeedsLock()
    {
        if (_relief is not null && (_isLastPosted || IsRelieved_NeedsLock))
        {
            _relief.SetResult();
            _relief = null;
        }
    }

    private void Enqueue_NeedsLock(IHandlerWork work)
    {
        if (work.IsEvent)
        {
            _events++;
            _bytes += Counted(work);
        }

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
        _waitingBytes += work.Size;
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
        _waitingBytes -= work.Size;
        _isRefusing &= _count > _capacity / 2 || _waitingBytes > _maxBytes / 2;
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
