namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// The emits of one socket's handlers, and of what they set going, that the adapter has no room for yet. While there are many, no further
/// event of the socket begins: so one client that sends more than the cluster carries is held up, whether or not its handlers await what
/// they emit. Thread-safe.
/// </summary>
/// <remarks>
/// It goes with the execution context of the handlers. That may be kept by anything that they set going, so this must not keep the socket:
/// it knows the queue only while the queue waits.
/// </remarks>
internal sealed class HeldEmits
{
    /// <summary>With so many no further event begins.</summary>
    public const int Many = 16;

    private static readonly AsyncLocal<HeldEmits?> Current = new();

    private readonly Lock _lock = new();
    private HandlerQueue? _waiting;
    private int _held;

    /// <summary>Those of a new queue, which from here on are those of whoever calls.</summary>
    public static HeldEmits Begin() => Current.Value = new HeldEmits();

    /// <summary>An emit: if the adapter has no room, the socket whose handler emits is held up until it has.</summary>
    public static ValueTask Watch(ValueTask emit) => emit.IsCompleted ? emit : new ValueTask(Hold(emit.AsTask()));

    /// <summary>Whether no further event may begin; the queue is told when one may.</summary>
    public bool MustWait(HandlerQueue queue)
    {
        lock (_lock)
        {
            _waiting = _held >= Many ? queue : null;
            return _waiting is not null;
        }
    }

    private static Task Hold(Task emit)
    {
        if (Current.Value is { } held)
        {
            lock (held._lock)
            {
                held._held++;
            }

            emit.ContinueWith(
                static (_, state) => ((HeldEmits)state!).LetGo(),
                held,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return emit;
    }

    private void LetGo()
    {
        HandlerQueue? waiting = null;
        lock (_lock)
        {
            if (--_held < Many)
            {
                (waiting, _waiting) = (_waiting, null);
            }
        }

        waiting?.GoOn();
    }
}
