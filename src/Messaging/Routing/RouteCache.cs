using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Routing;

/// <summary>
/// Where rooms of one namespace have members, as their owners said lately and let this node keep. Thread-safe, but questions are asked by
/// one at a time.
/// </summary>
/// <remarks>
/// A demand to drop a route may overtake the answer that brings it: an answer is kept only if nothing was dropped between the question and
/// the answer.
/// </remarks>
internal sealed class RouteCache(string ns, RouteCaches caches, int capacity = RouteCache.DefaultCapacity)
{
    public const int DefaultCapacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Namespace => ns;

    /// <summary>How many rooms are kept, some of them perhaps beyond their time.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _routes.Count;
            }
        }
    }

    /// <summary>Where a room has members, if that is known for certain.</summary>
    /// <param name="room">The room.</param>
    /// <param name="now">A time stamp taken after whatever is to be sent there was begun to be sent.</param>
    /// <param name="nodes">The nodes.</param>
    public bool TryGet(string room, long now, out ImmutableArray<NodeIdentity> nodes)
    {
        if (caches.IsValid(now))
        {
            lock (_lock)
            {
                ref var route = ref CollectionsMarshal.GetValueRefOrNullRef(_routes, room);
                if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref route) && now < route.Expires)
                {
                    route.IsUsed = true;
                    nodes = route.Nodes;
                    return true;
                }
            }
        }

        nodes = default;
        return false;
    }

    /// <summary>The owners of these rooms are about to be asked. Answers to former questions are kept no more.</summary>
    public void Ask(IReadOnlyList<string> rooms)
    {
        lock (_lock)
        {
            _asked.Clear();
            for (var i = 0; i < rooms.Count; i++)
            {
                _asked.Add(rooms[i]);
            }
        }
    }

    /// <summary>Keeps an answer, unless it may be wrong already.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="askedAt">When the owner was asked, as a time stamp.</param>
    /// <param name="expires">Until when the owner lets it be kept.</param>
    public void Keep(string room, ImmutableArray<NodeIdentity> nodes, long askedAt, long expires)
    {
        if (!caches.MayKeep(askedAt))
        {
            return;
        }

        lock (_lock)
        {
            if (!_asked.Remove(room))
            {
                return;
            }

            if (_routes.Count >= capacity)
            {
                MakeRoom(askedAt);
            }

            _routes[room] = new Route { Nodes = nodes, Expires = expires };
        }
    }

    /// <summary>Drops what is known of rooms, or about to be.</summary>
    public void Drop(string[] rooms)
    {
        lock (_lock)
        {
            foreach (var room in rooms)
            {
                _routes.Remove(room);
                _asked.Remove(room);
            }
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _routes.Clear();
            _asked.Clear();
        }
    }

    // Those that have expired or were not used since the last time go; if that is none, every eighth.
    private void MakeRoom(long now)
    {
        var before = _routes.Count;
        foreach (var room in _routes.Keys)
        {
            ref var route = ref CollectionsMarshal.GetValueRefOrNullRef(_routes, room);
            if (route.Expires <= now || !route.IsUsed)
            {
                _routes.Remove(room);
            }
            else
            {
                route.IsUsed = false;
            }
        }

        if (_routes.Count == before)
        {
            var number = 0;
            foreach (var room in _routes.Keys)
            {
                if (number++ % 8 == 0)
                {
                    _routes.Remove(room);
                }
            }
        }
    }

    private struct Route
    {
        public ImmutableArray<NodeIdentity> Nodes;
        public long Expires;
        public bool IsUsed;
    }
}
