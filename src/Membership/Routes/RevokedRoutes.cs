using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Membership.Routes;

/// <summary>
/// What this node has had others drop lately: owners name the holders of a lease until it ends, and a node whose members come and go would
/// have them drop again and again what they do not keep any more. Thread-safe.
/// </summary>
internal sealed class RevokedRoutes(TimeProvider time)
{
    /// <summary>Of how many rooms it is remembered; of more, others are asked every time.</summary>
    public const int MaxRooms = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Namespace, string Room), (long Owner, long LastLease, long Expires)> _rooms = [];

    /// <summary>Whether everything that a reply tells of has been dropped before.</summary>
    public bool Cover(string ns, MembershipReply reply)
    {
        lock (_lock)
        {
            foreach (var room in reply.Rooms)
            {
                if (!_rooms.TryGetValue((ns, room), out var revoked) || revoked.Owner != reply.Owner || revoked.LastLease < reply.LastLease)
                {
                    return false;
                }
            }

            return reply.Owner != 0;
        }
    }

    /// <summary>All that a reply tells of has been dropped.</summary>
    public void Add(string ns, MembershipReply reply)
    {
        if (reply.Owner == 0)
        {
            return;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_rooms.Count + reply.Rooms.Length > MaxRooms)
            {
                ForgetExpired(now);
            }

            foreach (var room in reply.Rooms)
            {
                if (_rooms.TryGetValue((ns, room), out var former) && former.Owner == reply.Owner && former.LastLease >= reply.LastLease)
                {
                    continue;
                }

                if (_rooms.Count < MaxRooms)
                {
                    _rooms[(ns, room)] = (reply.Owner, reply.LastLease, now + (long)(reply.Lease.TotalSeconds * time.TimestampFrequency));
                }
            }
        }
    }

    // The leases are over: the owner names nobody on account of them.
    private void ForgetExpired(long now)
    {
        foreach (var (room, revoked) in _rooms)
        {
            if (revoked.Expires <= now)
            {
                _rooms.Remove(room);
            }
        }
    }
}
