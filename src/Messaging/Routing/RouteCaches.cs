using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Routing;

/// <summary>The route caches of one node, and whether they may be used at all. Thread-safe.</summary>
/// <remarks>
/// Nobody waits for a node that the directory has declared departed. So the caches hold only while the node's own lease does, by its own
/// clock and from the moment at which it sent the heartbeat that was answered: a node that stood still and goes on asks again. The
/// monotonic clock stands still while the machine is suspended, and what is kept would outlive its lease; so whenever the wall clock has
/// gone ahead of it, everything is dropped, which costs questions if somebody set that clock.
/// </remarks>
internal sealed class RouteCaches(TimeProvider time)
{
    // Longer than others take to hear of a new run: who drops what lost owners gave out asks those that he knows.
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(1);

    // Owners keep a lease longer than this in mind.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<RouteCache>> _caches = new(StringComparer.Ordinal);
    private long _wallClockAhead = long.MaxValue;
    private long _goneOnAt = long.MinValue;
    private long _generation;
    private long _validUntil = long.MinValue;
    private long _keepsFrom = long.MaxValue;

    /// <summary>A cache for one way out of a namespace; there may be several.</summary>
    public RouteCache Open(string ns)
    {
        var cache = new RouteCache(ns, this);
        lock (_lock)
        {
            if (!_caches.TryGetValue(ns, out var caches))
            {
                _caches.Add(ns, caches = []);
            }

            caches.Add(cache);
        }

        return cache;
    }

    public void Close(RouteCache cache)
    {
        lock (_lock)
        {
            if (_caches.TryGetValue(cache.Namespace, out var caches) && caches.Remove(cache) && caches.Count == 0)
            {
                _caches.Remove(cache.Namespace);
            }
        }
    }

    /// <summary>A run begins, which has been told nothing yet.</summary>
    /// <param name="generation">The generation in force.</param>
    public void Begin(long generation)
    {
        lock (_lock)
        {
            Volatile.Write(ref _validUntil, long.MinValue);
            Volatile.Write(ref _keepsFrom, time.GetTimestamp() + time.TicksOf(Probation));
            _generation = Math.Max(_generation, generation);
            ClearAll();
        }
    }

    /// <summary>The directory has renewed the run's lease.</summary>
    /// <param name="sentAt">When the heartbeat was sent, as a time stamp.</param>
    /// <param name="lease">How long the lease lasts.</param>
    public void Renew(long sentAt, TimeSpan lease)
    {
        lock (_lock)
        {
            NoticePause();
            if (sentAt > _goneOnAt)
            {
                Volatile.Write(ref _validUntil, Math.Max(_validUntil, sentAt + time.TicksOf(lease)));
            }
        }
    }

    /// <summary>The node is about to leave: nobody waits for it from now on.</summary>
    public void End()
    {
        lock (_lock)
        {
            Volatile.Write(ref _keepsFrom, long.MaxValue);
            Volatile.Write(ref _validUntil, long.MinValue);
            ClearAll();
        }
    }

    /// <summary>Whether what is kept may be used.</summary>
    public bool IsValid(long now)
    {
        if (now >= Volatile.Read(ref _validUntil))
        {
            return false;
        }

        if (WallClockAhead() - Volatile.Read(ref _wallClockAhead) <= LongestPause.Ticks)
        {
            return true;
        }

        lock (_lock)
        {
            NoticePause();
            return now < _validUntil;
        }
    }

    /// <summary>Whether the answer to a question may be kept.</summary>
    public bool MayKeep(long askedAt) => askedAt >= Volatile.Read(ref _keepsFrom);

    /// <summary>Does what <see cref="EnvelopeKind.DropRoutes"/> demands.</summary>
    public void Drop(Envelope demand)
    {
        if (demand.Targets.Length == 0)
        {
            DropBefore(demand.Version);
            return;
        }

        RouteCache[] caches;
        lock (_lock)
        {
            caches = _caches.TryGetValue(demand.Namespace, out var found) ? [.. found] : [];
        }

        foreach (var cache in caches)
        {
            cache.Drop(demand.Targets);
        }
    }

    /// <summary>
    /// Drops everything unless that was done since the generation was heard of: what was given out by owners that were lost before it came
    /// about is gone then.
    /// </summary>
    public void DropBefore(long generation)
    {
        lock (_lock)
        {
            if (generation > _generation)
            {
                // One that nobody knows is no generation to remember.
                _generation = generation == long.MaxValue ? _generation : generation;
                ClearAll();
            }
        }
    }

    // Needs the lock.
    private void NoticePause()
    {
        var ahead = WallClockAhead();
        if (_wallClockAhead != long.MaxValue && ahead - _wallClockAhead > LongestPause.Ticks)
        {
            _goneOnAt = time.GetTimestamp();
            Volatile.Write(ref _keepsFrom, Math.Max(_keepsFrom, _goneOnAt + 1));
            Volatile.Write(ref _validUntil, long.MinValue);
            ClearAll();
        }

        Volatile.Write(ref _wallClockAhead, ahead);
    }

    // In ticks. The wall clock first: a thread that waits in between must not look like a pause.
    private long WallClockAhead()
    {
        var wall = time.GetUtcNow().UtcTicks;
        return wall - time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
    }

    private void ClearAll()
    {
        foreach (var caches in _caches.Values)
        {
            foreach (var cache in caches)
            {
                cache.Clear();
            }
        }
    }
}
