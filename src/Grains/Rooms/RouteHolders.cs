using System.Collections.Immutable;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>
/// Which nodes may keep which of an owner's answers, and until when. What was given out is never taken back here: whoever is new in a room
/// asks the holders to drop it, and until the lease ends they count as holders all the same, since another that is new may not rely on the
/// first having asked. Not thread-safe.
/// </summary>
/// <remarks>
/// A room is leased only when its nodes have been the same for a while, so that those who come and go all the time have nobody to ask.
/// </remarks>
internal sealed class RouteHolders(TimeSpan lease, TimeProvider time)
{
    /// <summary>How many rooms may be leased by one owner at a time; more are not.</summary>
    public const int MaxRooms = 4096;

    /// <summary>How many nodes may hold one room; a node that is new in it waits for all of them.</summary>
    public const int MaxHolders = 256;

    /// <summary>How long a room's nodes must have been the same since somebody first asked for them.</summary>
    public static readonly TimeSpan SteadyTime = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    private readonly long _owner = Random.Shared.NextInt64(1, long.MaxValue);
    private long _lastLease;

    // A hundredth more than the holders count, whose clocks may go slower.
    private readonly long _ticks = time.TicksOf(lease + (lease / 100));
    private readonly long _steadyTicks = time.TicksOf(SteadyTime);
    private long _nextSweep = time.GetTimestamp();

    /// <summary>Whether any answer may still be kept by anybody.</summary>
    public bool IsAnyHeld
    {
        get
        {
            var now = time.GetTimestamp();
            foreach (var room in _rooms.Values)
            {
                if (room.LastExpiry > now)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a node may keep the answer that a room has members on the given nodes.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nodes">The answer: the same array for as long as it is the same.</param>
    /// <param name="holder">The node that asks.</param>
    public bool TryLease(string room, ImmutableArray<NodeIdentity> nodes, NodeIdentity holder)
    {
        if (nodes.IsEmpty)
        {
            // Not worth a place: anybody can make up names of rooms.
            return false;
        }

        var now = time.GetTimestamp();
        Sweep(now);
        if (!_rooms.TryGetValue(room, out var held))
        {
            if (_rooms.Count < MaxRooms)
            {
                _rooms.Add(room, new Room { Nodes = nodes, Since = now });
            }

            return false;
        }

        if (held.Nodes != nodes)
        {
            (held.Nodes, held.Since) = (nodes, now);
            return false;
        }

        if (now - held.Since < _steadyTicks || !held.TryHold(holder, now, now + _ticks))
        {
            return false;
        }

        held.LastLease = ++_lastLease;
        return true;
    }

    /// <summary>What to answer to a delta that was applied; <see langword="null"/> when nobody keeps anything that it made wrong.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="rerouted">The rooms in which it made answers wrong; see <see cref="RoomMembership.Rerouted"/>.</param>
    public MembershipReply? ReplyTo(MembershipDelta delta, IReadOnlyList<string>? rerouted)
    {
        var now = time.GetTimestamp();
        HashSet<string>? rooms = null;
        HashSet<NodeIdentity>? holders = null;
        var (last, lastLease) = (now, 0L);
        long size = 0;
        var count = rerouted?.Count ?? delta.Changes.Length;
        for (var i = 0; i < count; i++)
        {
            var room = rerouted is null ? delta.Changes[i].Room : rerouted[i];
            if (_rooms.TryGetValue(room, out var held) && held.LastExpiry > now && (rooms ??= new(StringComparer.Ordinal)).Add(room))
            {
                held.CopyTo(holders ??= [], now);
                last = Math.Max(last, held.LastExpiry);
                lastLease = Math.Max(lastLease, held.LastLease);
                size += room.Length + CallSize.PerName;
            }
        }

        // More names than one message should carry, to each of the holders: they drop all they keep instead.
        var areTooMany = size > 2 * CallSize.Target;
        return rooms is null
            ? null
            : new MembershipReply(MembershipOutcome.Applied)
            {
                Generation = areTooMany ? long.MaxValue : 0,
                Rooms = areTooMany ? [] : [.. rooms],
                Holders = areTooMany ? [] : [.. holders!],
                Lease = time.GetElapsedTime(now, last),
                Owner = _owner,
                LastLease = lastLease,
            };
    }

    // Once per lease everything is looked at: what nobody holds or has asked for since is forgotten.
    private void Sweep(long now)
    {
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + _ticks;
        foreach (var (room, held) in _rooms)
        {
            if (held.LastExpiry <= now && now - held.Since >= _ticks)
            {
                _rooms.Remove(room);
            }
        }
    }

    private sealed class Room
    {
        private (NodeIdentity Node, long Expires)[] _holders = [];
        private int _count;

        public required ImmutableArray<NodeIdentity> Nodes { get; set; }

        public required long Since { get; set; }

        public long LastExpiry { get; private set; } = long.MinValue;

        public long LastLease { get; set; }

        public bool TryHold(NodeIdentity holder, long now, long expires)
        {
            var kept = 0;
            var isThere = false;
            foreach (var (node, until) in _holders.AsSpan(0, _count))
            {
                if (node == holder)
                {
                    isThere = true;
                    _holders[kept++] = (node, expires);
                }
                else if (until > now)
                {
                    _holders[kept++] = (node, until);
                }
            }

            _count = kept;
            if (!isThere)
            {
                if (_count == MaxHolders)
                {
                    return false;
                }

                if (_count == _holders.Length)
                {
                    Array.Resize(ref _holders, Math.Max(1, _count * 2));
                }

                _holders[_count++] = (holder, expires);
            }

            LastExpiry = expires;
            return true;
        }

        public void CopyTo(HashSet<NodeIdentity> holders, long now)
        {
            foreach (var (node, until) in _holders.AsSpan(0, _count))
            {
                if (until > now)
                {
                    holders.Add(node);
                }
            }
        }
    }
}
