using System.Collections.Immutable;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Routing;

/// <summary>Where the rooms of one batch have members: which questions the batch raises, and then the answers.</summary>
/// <remarks>
/// <para>
/// An incomplete answer is widened: from the nodes of the room to those of the namespace, and if that is incomplete too to every node.
/// Receivers deliver to members only, so that costs traffic but neither loses nor doubles anything.
/// </para>
/// <para>Answers may be set from several threads at once; everything else has one caller at a time.</para>
/// </remarks>
internal sealed class RouteTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<NodeIdentity>> _rooms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _incompleteRooms = new(StringComparer.Ordinal);
    private readonly List<string> _openRooms = [];
    private NamespaceRoutes? _namespace;
    private ImmutableArray<NodeIdentity> _everyone;
    private bool _asksNamespace;

    /// <summary>The rooms without an answer yet.</summary>
    public IReadOnlyList<string> OpenRooms => _openRooms;

    /// <summary>Whether everything is known.</summary>
    public bool IsAnswered => _openRooms.Count == 0 && !IsNamespaceOpen && !IsEveryoneOpen;

    /// <summary>Whether the nodes of the namespace are wanted and not known yet.</summary>
    public bool IsNamespaceOpen => (_asksNamespace || _incompleteRooms.Count > 0) && _namespace is null;

    /// <summary>Whether all nodes are wanted and not known yet, because even those of the namespace are incomplete.</summary>
    public bool IsEveryoneOpen => _namespace is { IsComplete: false } && _everyone.IsDefault;

    /// <summary>Notes what has to be known to send a message.</summary>
    public void Ask(OutboundMessage message)
    {
        if (message.ToAllNodes || message.Envelope.Rooms.Length == 0)
        {
            _asksNamespace = true;
            return;
        }

        foreach (var room in message.Envelope.Rooms)
        {
            if (_rooms.TryAdd(room, default))
            {
                _openRooms.Add(room);
            }
        }
    }

    /// <summary>Takes what was kept of former answers.</summary>
    /// <returns>For how many rooms.</returns>
    public int TakeFrom(RouteCache cache, long now)
    {
        var open = _openRooms.Count;
        foreach (var room in _openRooms)
        {
            if (cache.TryGet(room, now, out var nodes))
            {
                _rooms[room] = nodes;
            }
        }

        CloseAnswered();
        return open - _openRooms.Count;
    }

    public void SetRooms(ImmutableArray<string> rooms, RoomRoutes routes)
    {
        lock (_lock)
        {
            for (var i = 0; i < rooms.Length; i++)
            {
                _rooms[rooms[i]] = routes.Nodes[i];
                if (!routes.IsComplete)
                {
                    _incompleteRooms.Add(rooms[i]);
                }
            }
        }
    }

    public void SetNamespace(NamespaceRoutes routes)
    {
        lock (_lock)
        {
            _namespace = routes;
        }
    }

    public void SetEveryone(ImmutableArray<NodeIdentity> nodes) => _everyone = nodes;

    /// <summary>Drops the rooms that were answered from <see cref="OpenRooms"/>.</summary>
    public void CloseAnswered()
    {
        var kept = 0;
        for (var i = 0; i < _openRooms.Count; i++)
        {
            if (_rooms[_openRooms[i]].IsDefault)
            {
                _openRooms[kept++] = _openRooms[i];
            }
        }

        _openRooms.RemoveRange(kept, _openRooms.Count - kept);
    }

    /// <summary>
    /// Adds the nodes that a message has to go to, each once, this node left out. <c>Except</c> does not matter: receivers apply it.
    /// </summary>
    public void CopyTo(OutboundMessage message, JoinRoutes joins, string ownId, List<NodeIdentity> nodes)
    {
        var envelope = message.Envelope;
        if (message.ToAllNodes || envelope.Rooms.Length == 0)
        {
            AddNamespace(nodes, withSocketsOnly: !message.ToAllNodes);
        }
        else
        {
            foreach (var room in envelope.Rooms)
            {
                nodes.AddRange(_rooms[room]);
                joins.CopyTo(room, nodes);
                if (_incompleteRooms.Contains(room))
                {
                    AddNamespace(nodes, withSocketsOnly: false);
                }
            }
        }

        RemoveOwnAndRepeated(ownId, nodes);
    }

    /// <summary>Prepares for the next batch.</summary>
    public void Clear()
    {
        _rooms.Clear();
        _incompleteRooms.Clear();
        _openRooms.Clear();
        _namespace = null;
        _everyone = default;
        _asksNamespace = false;
    }

    private void AddNamespace(List<NodeIdentity> nodes, bool withSocketsOnly)
    {
        foreach (var node in _namespace!.Nodes)
        {
            if (!withSocketsOnly || node.Sockets > 0)
            {
                nodes.Add(node.Node);
            }
        }

        if (!_namespace.IsComplete)
        {
            nodes.AddRange(_everyone);
        }
    }

    private static void RemoveOwnAndRepeated(string ownId, List<NodeIdentity> nodes)
    {
        // A handful of nodes per room: comparing beats hashing, and needs no memory.
        var kept = 0;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.Id != ownId && nodes.IndexOf(node, 0, kept) < 0)
            {
                nodes[kept++] = node;
            }
        }

        nodes.RemoveRange(kept, nodes.Count - kept);
    }
}
