using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Routing;

/// <summary>
/// The nodes that a room may have members on although its owner does not know yet, because this node made sockets there join it. What is
/// sent to the room goes there too until the joins are confirmed, so that socketsJoin followed by an emit needs no await. Nodes that have
/// departed are left out by who sends, and stay here no longer than any other that does not confirm.
/// </summary>
/// <remarks>
/// Not thread-safe. A confirmation must be applied before the routes of a batch are asked for, never between the asking and the use of the
/// answers, which may be older than the confirmation.
/// </remarks>
internal sealed class JoinRoutes
{
    private readonly SortedDictionary<long, PendingJoin> _joins = [];
    private readonly Dictionary<string, List<PendingJoin>> _rooms = new(StringComparer.Ordinal);

    public bool IsEmpty => _joins.Count == 0;

    /// <summary>Remembers that a join was sent to nodes.</summary>
    /// <param name="requestId">Its number.</param>
    /// <param name="rooms">The rooms to join.</param>
    /// <param name="nodes">The nodes that were told.</param>
    /// <param name="expires">When it is given up, as a time stamp.</param>
    public void Add(long requestId, string[] rooms, IEnumerable<NodeIdentity> nodes, long expires)
    {
        var join = new PendingJoin(requestId, rooms, [.. nodes], expires);
        if (join.Nodes.Count == 0)
        {
            return;
        }

        _joins.Add(requestId, join);
        foreach (var room in rooms)
        {
            if (!_rooms.TryGetValue(room, out var joins))
            {
                joins = [];
                _rooms.Add(room, joins);
            }

            joins.Add(join);
        }
    }

    /// <summary>Adds the nodes that a room may have members on.</summary>
    public void CopyTo(string room, List<NodeIdentity> nodes)
    {
        if (_rooms.TryGetValue(room, out var joins))
        {
            foreach (var join in joins)
            {
                nodes.AddRange(join.Nodes);
            }
        }
    }

    /// <summary>The owners know what became of a join on one node.</summary>
    public void Confirm(long requestId, string nodeId)
    {
        if (_joins.TryGetValue(requestId, out var join) && join.Nodes.RemoveAll(node => node.Id == nodeId) > 0 && join.Nodes.Count == 0)
        {
            Remove(join);
        }
    }

    /// <summary>Gives up joins that nobody confirmed in time.</summary>
    public void Expire(long now)
    {
        // The numbers grow with time, and so do the times of expiry.
        while (_joins.Count > 0)
        {
            var oldest = _joins.First().Value;
            if (oldest.Expires > now)
            {
                return;
            }

            Remove(oldest);
        }
    }

    private void Remove(PendingJoin join)
    {
        _joins.Remove(join.RequestId);
        foreach (var room in join.Rooms)
        {
            if (_rooms.TryGetValue(room, out var joins) && joins.Remove(join) && joins.Count == 0)
            {
                _rooms.Remove(room);
            }
        }
    }

    private sealed class PendingJoin(long requestId, string[] rooms, List<NodeIdentity> nodes, long expires)
    {
        public long RequestId { get; } = requestId;

        public string[] Rooms { get; } = rooms;

        public List<NodeIdentity> Nodes { get; } = nodes;

        public long Expires { get; } = expires;
    }
}
