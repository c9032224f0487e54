namespace OrleansRooms.Membership.Announcing;

/// <summary>
/// Decides which owners a node speaks to next, over all its namespaces: so many at a time as there are slots, those first of which somebody waits
/// for the answer. Thread-safe.
/// </summary>
/// <remarks>
/// The others share a part of the slots, which is always theirs. When one of them has begun, those that follow wait until <see cref="Gathering"/> is over, while
/// what changes at their owners gathers for one call: the busier the node, the fewer calls for each change, and where nothing else happens they begin at once. One
/// thread at a time begins the calls.
/// </remarks>
internal sealed class AnnouncementQueue : IThreadPoolWorkItem, IDisposable
{
    /// <summary>How long those that nobody waits for gather after one has begun.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);

    // Of those that nobody waits for, as a part of all.
    private const int PatientPart = 8;

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _urgent = [];
    private readonly Queue<Entry> _patient = [];
    private readonly Queue<Entry> _gathering = [];
    private readonly int _slots;
    private readonly int _patientSlots;
    private readonly ITimer _timer;
    private int _underWay;
    private int _patientUnderWay;
    private bool _isUrgentNext;
    private bool _isRunning;
    private bool _isGathering;

    /// <param name="slots">How many calls may be under way.</param>
    /// <param name="time">The clock.</param>
    public AnnouncementQueue(int slots, TimeProvider time)
    {
        _slots = slots;
        _patientSlots = Math.Max(1, slots / PatientPart);
        _timer = time.CreateTimer(static self => ((AnnouncementQueue)self!).OnGathered(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets an announcer speak to a group of owners when its turn comes. Returns at once, and calls nobody.</summary>
    /// <param name="announcer">Who speaks; it is told by <see cref="IAnnouncer.Begin"/>.</param>
    /// <param name="owners">The owners.</param>
    /// <param name="urgency">Whether somebody waits.</param>
    public void Add(IAnnouncer announcer, OwnerGroup owners, Urgency urgency)
    {
        lock (_lock)
        {
            (urgency == Urgency.Urgent ? _urgent : _isGathering ? _gathering : _patient).Enqueue(new Entry(announcer, owners));
            if (urgency == Urgency.Patient && !_isGathering)
            {
                Gather();
            }

            if (!TryStart())
            {
                return;
            }
        }

        // Elsewhere, because the caller may hold the local adapter's lock.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Gives back the slot of a call that is over, or that was not needed. Begins others' meanwhile.</summary>
    public void Release(Urgency urgency)
    {
        lock (_lock)
        {
            _underWay--;
            _patientUnderWay -= urgency == Urgency.Patient ? 1 : 0;
            if (!TryStart())
            {
                return;
            }
        }

        Run();
    }

    /// <summary>Those that gather begin no more.</summary>
    public void Dispose() => _timer.Dispose();

    void IThreadPoolWorkItem.Execute() => Run();

    private void Gather()
    {
        _isGathering = true;
        _timer.Change(Gathering, Timeout.InfiniteTimeSpan);
    }

    private void OnGathered()
    {
        lock (_lock)
        {
            if (_gathering.Count == 0)
            {
                _isGathering = false;
                return;
            }

            while (_gathering.TryDequeue(out var entry))
            {
                _patient.Enqueue(entry);
            }

            Gather();
            if (!TryStart())
            {
                return;
            }
        }

        Run();
    }

    // Under the lock: whether the caller has to begin what may begin.
    private bool TryStart()
    {
        if (_isRunning || Next() is null)
        {
            return false;
        }

        _isRunning = true;
        return true;
    }

    private void Run()
    {
        while (TryTake(out var entry, out var urgency))
        {
            entry.Announcer.Begin(entry.Owners, urgency);
        }
    }

    private bool TryTake(out Entry entry, out Urgency urgency)
    {
        lock (_lock)
        {
            if (Next() is not { } next)
            {
                (entry, urgency) = (default, default);
                _isRunning = false;
                return false;
            }

            urgency = next;
            _underWay++;
            if (urgency == Urgency.Urgent)
            {
                entry = _urgent.Dequeue();
                _isUrgentNext = false;
            }
            else
            {
                entry = _patient.Dequeue();
                _patientUnderWay++;
                _isUrgentNext = true;
            }

            return true;
        }
    }

    // Where both may begin they take turns, so that neither waits for the other to have nothing more to say.
    private Urgency? Next()
    {
        if (_underWay >= _slots)
        {
            return null;
        }

        var mayBePatient = _patient.Count > 0 && _patientUnderWay < _patientSlots;
        return _urgent.Count > 0 && (_isUrgentNext || !mayBePatient) ? Urgency.Urgent
            : mayBePatient ? Urgency.Patient
            : null;
    }

    private readonly record struct Entry(IAnnouncer Announcer, OwnerGroup Owners);
}

/// <summary>Speaks to the owners of rooms.</summary>
internal interface IAnnouncer
{
    /// <summary>
    /// It is the turn of a group of owners. Returns without waiting for the answer; the slot is in use until <see cref="AnnouncementQueue.Release"/>. Never throws.
    /// </summary>
    void Begin(OwnerGroup owners, Urgency urgency);
}

/// <summary>Whether somebody waits for an owner to be told.</summary>
internal enum Urgency
{
    /// <summary>Nobody does.</summary>
    Patient,

    /// <summary>Somebody does.</summary>
    Urgent,
}
