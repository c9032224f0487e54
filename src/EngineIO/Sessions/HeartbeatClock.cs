namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// The one timer behind every deadline of every session. All deadlines of a kind are equally long, so each kind is a queue that
/// stays sorted by itself: arming, disarming and expiring are constant work, and an idle session costs nothing between two
/// heartbeats.
/// </summary>
/// <remarks>
/// A deadline expires when its time has come, which is looked for once every <see cref="Granularity"/>, and in between when one is near.
/// Pings are the many, so they go with the others of their <see cref="Granularity"/>, a little early; the pong is due as if the ping had
/// not been.
/// </remarks>
internal sealed class HeartbeatClock : IDisposable
{
    private static readonly TimeSpan FinestGranularity = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan CoarsestGranularity = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a closed WebSocket may take to answer the close frame before its connection is cut.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _granularityTicks;
    private readonly Queue[] _queues;
    private int _armed;
    private bool _isTicking;
    private bool _disposed;

    public HeartbeatClock(EngineIOOptions options, TimeProvider time)
    {
        _time = time;

        var shortest = options.PingInterval;
        if (options.PingTimeout < shortest) shortest = options.PingTimeout;
        if (options.UpgradeTimeout < shortest) shortest = options.UpgradeTimeout;
        Granularity = TimeSpan.FromTicks(Math.Clamp(shortest.Ticks / 16, FinestGranularity.Ticks, CoarsestGranularity.Ticks));
        _granularityTicks = ToTimestamp(Granularity);

        _queues = new Queue[5];
        _queues[(int)DeadlineKind.Ping] = new Queue(ToTimestamp(options.PingInterval));
        _queues[(int)DeadlineKind.Pong] = new Queue(ToTimestamp(options.PingTimeout));
        _queues[(int)DeadlineKind.Upgrade] = new Queue(ToTimestamp(options.UpgradeTimeout));
        _queues[(int)DeadlineKind.Close] = new Queue(ToTimestamp(options.CloseTimeout));
        _queues[(int)DeadlineKind.Linger] = new Queue(ToTimestamp(LingerTime));

        _timer = time.CreateTimer(
            static clock => ((HeartbeatClock)clock!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How often the clock looks.</summary>
    public TimeSpan Granularity { get; }

    /// <summary>Arms a deadline, or re-arms it: a deadline is in one queue at a time.</summary>
    public void Arm(Deadline deadline, DeadlineKind kind)
    {
        lock (_lock)
        {
            Arm_NeedsLock(deadline, kind, _time.GetTimestamp());
        }
    }

    /// <summary>Arms a deadline that expires at this moment for what follows, from when it was due if it came a little early.</summary>
    public void ArmNext(Deadline deadline, DeadlineKind kind)
    {
        lock (_lock)
        {
            // It may have been armed anew while it expired; its queue stays sorted anyhow.
            var now = _time.GetTimestamp();
            Arm_NeedsLock(deadline, kind, Math.Clamp(deadline.DueAt, now, now + _granularityTicks));
        }
    }

    /// <summary>Arms a deadline unless what it is armed for comes sooner, or the pong for the ping it is armed for does.</summary>
    public void ArmUnlessSooner(Deadline deadline, DeadlineKind kind)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var armedUntil = !deadline.IsArmed ? long.MaxValue
                : deadline.ArmedFor == DeadlineKind.Ping ? deadline.DueAt + _queues[(int)DeadlineKind.Pong].Length
                : deadline.DueAt;
            if (armedUntil > now + _queues[(int)kind].Length) Arm_NeedsLock(deadline, kind, now);
        }
    }

    /// <summary>Disarms a deadline. It may be expiring on another thread at this moment, so <see cref="Deadline.OnDue"/> checks.</summary>
    public void Disarm(Deadline deadline)
    {
        lock (_lock)
        {
            if (Unlink(deadline)) _armed--;
        }
    }

    /// <summary>Expires every deadline of a kind now.</summary>
    public void Expire(DeadlineKind kind) => Expire(_queues[(int)kind], long.MaxValue);

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _timer.Dispose();
    }

    private void Arm_NeedsLock(Deadline deadline, DeadlineKind kind, long since)
    {
        if (_disposed) return;
        var wasArmed = Unlink(deadline);
        var queue = _queues[(int)kind];
        deadline.DueAt = since + queue.Length;
        deadline.ArmedFor = kind;
        queue.Append(deadline);
        if (!wasArmed && ++_armed == 1) _timer.Change(Granularity, Granularity);
    }

    private void Tick()
    {
        lock (_lock)
        {
            // A tick that takes longer than the granularity would otherwise be joined by the next one.
            if (_isTicking) return;
            _isTicking = true;
        }

        var now = _time.GetTimestamp();
        foreach (var queue in _queues) Expire(queue, queue == _queues[(int)DeadlineKind.Ping] ? now + _granularityTicks : now);

        lock (_lock)
        {
            _isTicking = false;
            if (_disposed) return;
            if (_armed == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            else if (UntilNext_NeedsLock() is var next && next < Granularity) _timer.Change(next, Granularity);
        }
    }

    /// <summary>How long until the next deadline that is not to expire early, in whole milliseconds, as timers have them.</summary>
    private TimeSpan UntilNext_NeedsLock()
    {
        var next = long.MaxValue;
        foreach (var queue in _queues)
        {
            if (queue.First is { ArmedFor: not DeadlineKind.Ping } first) next = Math.Min(next, first.DueAt);
        }

        if (next == long.MaxValue) return TimeSpan.MaxValue;
        var milliseconds = Math.Ceiling((next - _time.GetTimestamp()) * 1000.0 / _time.TimestampFrequency);
        return TimeSpan.FromMilliseconds(Math.Max(1, milliseconds));
    }

    private void Expire(Queue queue, long due)
    {
        while (true)
        {
            Deadline deadline;
            DeadlineKind kind;
            lock (_lock)
            {
                if (queue.First is not { } first || first.DueAt > due) return;
                deadline = first;
                kind = first.ArmedFor;
                Unlink(first);
                _armed--;
            }

            deadline.OnDue(kind);
        }
    }

    private bool Unlink(Deadline deadline)
    {
        if (!deadline.IsArmed) return false;
        _queues[(int)deadline.ArmedFor].Remove(deadline);
        return true;
    }

    private long ToTimestamp(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Deadlines of equal length, soonest first because each is appended later than the one before.</summary>
    private sealed class Queue(long length)
    {
        private Deadline? _last;

        public long Length { get; } = length;

        public Deadline? First { get; private set; }

        public void Append(Deadline deadline)
        {
            deadline.IsArmed = true;
            deadline.Previous = _last;
            deadline.Next = null;
            if (_last is null) First = deadline;
            else _last.Next = deadline;
            _last = deadline;
        }

        public void Remove(Deadline deadline)
        {
            deadline.IsArmed = false;
            if (deadline.Previous is null) First = deadline.Next;
            else deadline.Previous.Next = deadline.Next;
            if (deadline.Next is null) _last = deadline.Previous;
            else deadline.Next.Previous = deadline.Previous;
            deadline.Previous = deadline.Next = null;
        }
    }
}
