using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>The sockets of one room by the node that holds them.</summary>
/// <remarks>Nodes are found by walking an array: there are few of them, and one, for most rooms, should cost one small object.</remarks>
internal sealed class RoomMembers
{
    private Holding[] _holdings = new Holding[1];
    private int _count;
    private ImmutableArray<NodeIdentity> _nodes;

    /// <summary>The number of sockets.</summary>
    public int Size { get; private set; }

    /// <summary>Whether a size of this room was ever announced to a node.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>The nodes with sockets in the room.</summary>
    public ImmutableArray<NodeIdentity> Nodes
    {
        get
        {
            if (_nodes.IsDefault)
            {
                var nodes = ImmutableArray.CreateBuilder<NodeIdentity>(_count);
                foreach (var holding in Holdings)
                {
                    nodes.Add(holding.Run.Identity);
                }

                _nodes = nodes.MoveToImmutable();
            }

            return _nodes;
        }
    }

    private Span<Holding> Holdings => _holdings.AsSpan(0, _count);

    public bool Add(NodeRun run, string socketId)
    {
        var index = IndexOf(run);
        if (index < 0)
        {
            if (_count == _holdings.Length)
            {
                Array.Resize(ref _holdings, _count * 2);
            }

            index = _count++;
            _holdings[index] = new Holding { Run = run };
            _nodes = default;
        }

        if (!_holdings[index].Sockets.Add(socketId))
        {
            return false;
        }

        Size++;
        return true;
    }

    public bool Remove(NodeRun run, string socketId)
    {
        var index = IndexOf(run);
        if (index < 0 || !_holdings[index].Sockets.Remove(socketId))
        {
            return false;
        }

        Size--;
        if (_holdings[index].Sockets.Count == 0)
        {
            RemoveAt(index);
        }

        return true;
    }

    public bool RemoveAll(NodeRun run)
    {
        var index = IndexOf(run);
        if (index < 0)
        {
            return false;
        }

        Size -= _holdings[index].Sockets.Count;
        RemoveAt(index);
        return true;
    }

    /// <summary>Whether a run has sockets in the room.</summary>
    public bool Holds(NodeRun run) => IndexOf(run) >= 0;

    /// <summary>Whether a socket is a member, on whatever node.</summary>
    public bool Contains(string socketId)
    {
        foreach (var holding in Holdings)
        {
            if (holding.Sockets.Contains(socketId))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the given socket is the only member.</summary>
    public bool HoldsOnly(string socketId) => Size == 1 && _holdings[0].Sockets.Contains(socketId);

    public ImmutableArray<RoomMember> ToMembers()
    {
        var members = ImmutableArray.CreateBuilder<RoomMember>(Size);
        var sockets = new List<string>();
        foreach (var holding in Holdings)
        {
            sockets.Clear();
            holding.Sockets.CopyTo(sockets);
            foreach (var socketId in sockets)
            {
                members.Add(new RoomMember(socketId, holding.Run.Identity));
            }
        }

        return members.MoveToImmutable();
    }

    public void CopyWatchersTo(List<NodeIdentity> watchers)
    {
        foreach (var holding in Holdings)
        {
            if (holding.Run.WatchesSizes)
            {
                watchers.Add(holding.Run.Identity);
            }
        }
    }

    private int IndexOf(NodeRun run)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_holdings[i].Run, run))
            {
                return i;
            }
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        _count--;
        _holdings[index] = _holdings[_count];
        _holdings[_count] = default;
        _nodes = default;
    }

    private struct Holding
    {
        public NodeRun Run;
        public SocketSet Sockets;
    }
}
