using System.Collections.Immutable;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Publishing.Outbound;

namespace OrleansRooms.Publishing.Routing;

/// <summary>Where the rooms of one batch have members: which questions the batch raises, and then the answers.</summary>
/// <remarks>Answers may be set from several threads at once; everything else has one caller at a time.</remarks>
internal sealed class RouteTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<NodeIdentity>> _rooms = new(StringComparer.Ordinal);
    private readonly List<string> _openRooms = [];
    private ImmutableArray<NamespaceNode> _namespace;
    private bool _asksNamespace;

    /// <summary>The rooms without an answer yet.</summary>
    public IReadOnlyList<string> OpenRooms => _openRooms;

    /// <summary>Whether the nodes of the namespace are wanted and not known yet.</summary>
    public bool IsNamespaceOpen => _asksNamespace && _namespace.IsDefault;

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

    public void SetRooms(ImmutableArray<string> rooms, ImmutableArray<ImmutableArray<NodeIdentity>> nodes)
    {
        lock (_lock)
        {
            for (var i = 0; i < rooms.Length; i++)
            {
                _rooms[rooms[i]] = nodes[i];
            }
        }
    }

    public void SetNamespace(ImmutableArray<NamespaceNode> nodes)
    {
        lock (_lock)
        {
            _namespace = nodes;
        }
    }

    /// <summary>Drops the rooms that were answered from <see cref="OpenRooms"/>.</summary>
    public void CloseAnswered() => _openRooms.RemoveAll(room => !_rooms[room].IsDefault);

    /// <summary>Adds the nodes that a message has to go to, each once, this node left out. <c>Except</c> does not matter: receivers apply it.</summary>
    public void CopyTo(OutboundMessage message, JoinRoutes joins, string ownId, List<NodeIdentity> nodes)
    {
        var envelope = message.Envelope;
        if (message.ToAllNodes || envelope.Rooms.Length == 0)
        {
            foreach (var node in _namespace)
            {
                if (message.ToAllNodes || node.Sockets > 0)
                {
                    nodes.Add(node.Node);
                }
            }
        }
        else
        {
            foreach (var room in envelope.Rooms)
            {
                nodes.AddRange(_rooms[room]);
                joins.CopyTo(room, nodes);
            }
        }

        RemoveOwnAndRepeated(ownId, nodes);
    }

    /// <summary>Prepares for the next batch.</summary>
    public void Clear()
    {
        _rooms.Clear();
        _openRooms.Clear();
        _namespace = default;
        _asksNamespace = false;
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
