using Orleans.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// One queue as Orleans knows it, with a pulling agent of its own: it serves one stream at a time, so that no stream waits for another. Its
/// agent is never asked to stop, which could take as long as a node does not answer; a slot is used again when its stream is closed.
/// Thread-safe.
/// </summary>
internal sealed class PacketSlot(QueueId queue) : IQueueAdapterReceiver
{
    private static readonly IList<IBatchContainer> Nothing = [];

    private readonly Lock _gate = new();
    private IList<IBatchContainer>? _rung;
    private TaskCompletionSource<IList<IBatchContainer>>? _waiting;

    public QueueId Queue { get; } = queue;

    /// <summary>The stream that it serves, if any.</summary>
    public OpenStream? Stream { get; private set; }

    /// <summary>Serves another stream, or none.</summary>
    public void Serve(OpenStream? stream)
    {
        lock (_gate)
        {
            Stream = stream;
            _rung = null;
        }
    }

    /// <summary>Lets the agent know that its stream has something.</summary>
    public void Wake(IList<IBatchContainer> doorbell)
    {
        TaskCompletionSource<IList<IBatchContainer>>? waiting;
        lock (_gate)
        {
            waiting = _waiting;
            _waiting = null;
            _rung = waiting is null ? doorbell : null;
        }

        // The agent goes on in its own scheduler, not here.
        waiting?.TrySetResult(doorbell);
    }

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <summary>Waits until there is something, however long that takes; ends with nothing when the agent stops.</summary>
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        Task<IList<IBatchContainer>> ring;
        lock (_gate)
        {
            if (_rung is { } doorbell)
            {
                _rung = null;
                return Task.FromResult(doorbell);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromResult(Nothing);
            }

            _waiting?.TrySetResult(Nothing);
            _waiting = new TaskCompletionSource<IList<IBatchContainer>>();
            ring = _waiting.Task;
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(ring, cancellationToken) : ring;
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout)
    {
        StopWaiting();
        return Task.CompletedTask;
    }

    private async Task<IList<IBatchContainer>> WaitAsync(Task<IList<IBatchContainer>> waiting, CancellationToken cancellationToken)
    {
        await using var stopped = cancellationToken.UnsafeRegister(static self => ((PacketSlot)self!).StopWaiting(), this);
        return await waiting;
    }

    private void StopWaiting()
    {
        TaskCompletionSource<IList<IBatchContainer>>? waiting;
        lock (_gate)
        {
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult(Nothing);
    }
}
