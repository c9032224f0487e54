namespace OrleansRooms.Membership.Announcing;

/// <summary>
/// Owners that are told in one call, because they live in one silo as far as this node has heard; or one alone, of which that is not known. One call is under
/// way at a time; who has something to tell meanwhile waits for the next. Not thread-safe.
/// </summary>
/// <param name="silo">The number of the silo; <see langword="null"/> for an owner alone.</param>
internal sealed class OwnerGroup(int? silo)
{
    private List<OwnerAnnouncement> _waiting = [];
    private Urgency _urgency;

    /// <summary>The number of the silo; <see langword="null"/> for an owner alone.</summary>
    public int? Silo { get; } = silo;

    /// <summary>Whether owners wait to be told something.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether anybody waits for one of those who wait.</summary>
    public Urgency Urgency => _urgency;

    /// <summary>Whether a call is under way, or has to wait until the node is ready for it.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>How the next call waits for its turn in the queue; <see langword="null"/> when it does not.</summary>
    public Urgency? Turn { get; set; }

    /// <summary>Lets an owner wait, or hurries one that does.</summary>
    public void Add(OwnerAnnouncement owner, Urgency urgency)
    {
        if (!owner.IsWaiting)
        {
            owner.IsWaiting = true;
            _waiting.Add(owner);
        }

        if (urgency == Urgency.Urgent)
        {
            _urgency = urgency;
        }
    }

    /// <summary>Whether the next call has to be put into the queue: it is not there yet, or among those that nobody waits for.</summary>
    public bool NeedsTurn => HasWaiting && !IsUnderWay && (Turn is null || (Turn == Urgency.Patient && _urgency == Urgency.Urgent));

    /// <summary>Takes all that wait.</summary>
    public List<OwnerAnnouncement> Take()
    {
        var taken = _waiting;
        _waiting = [];
        _urgency = Urgency.Patient;
        foreach (var owner in taken)
        {
            owner.IsWaiting = false;
        }

        return taken;
    }
}
