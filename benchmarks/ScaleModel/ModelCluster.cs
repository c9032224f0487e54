using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.ScaleModel;

/// <summary>
/// A cluster without processes: every room owner is the product's own <see cref="RoomMembership"/>, told by the deltas that nodes would
/// send, and private rooms lie in the shards that the product would ask. What would be a call between processes is counted. Deterministic.
/// </summary>
internal sealed class ModelCluster
{
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private readonly Dictionary<int, RoomMembership> _owners = [];
    private readonly Dictionary<(NodeIdentity Node, int Owner), long> _versions = [];
    private readonly List<string> _rooms = [];
    private readonly NodeIdentity[] _nodes;
    private readonly Random _random = new(1);

    public ModelCluster(int nodes, Workload workload)
    {
        _nodes = [.. Enumerable.Range(0, nodes).Select(i => new NodeIdentity($"node-{i}", 1))];
        Sockets = nodes * Workload.SocketsPerNode;
        if (workload.Members == 0)
        {
            for (var i = 0; i < Sockets; i++)
            {
                var id = NewId();
                _rooms.Add(id);
                Join(_nodes[i % nodes], id, id);
            }
        }
        else
        {
            for (var room = 0; room < Math.Max(1, Sockets / workload.Members); room++)
            {
                _rooms.Add($"room-{room}");
                for (var member = 0; member < workload.Members; member++)
                {
                    var node = workload.Neighbours == 0 ? _random.Next(nodes) : (room + (member % workload.Neighbours)) % nodes;
                    Join(_nodes[node], _rooms[room], NewId());
                }
            }
        }
    }

    public int Sockets { get; }

    /// <summary>Activations that own rooms.</summary>
    public int Owners => _owners.Count;

    /// <summary>
    /// What is said anew when all owners have lost everything: one snapshot for each owner that a node has told anything. As many checks
    /// come with every <c>VerifyInterval</c>.
    /// </summary>
    public int Snapshots => _versions.Count;

    /// <summary>The most nodes that one owner holds members of.</summary>
    public int MostNodesOfAnOwner
    {
        get
        {
            var (most, runs) = (0, new List<NodeIdentity>());
            foreach (var owner in _owners.Values)
            {
                runs.Clear();
                owner.CopyRunsTo(runs);
                most = Math.Max(most, runs.Count);
            }

            return most;
        }
    }

    /// <summary>Emits to random rooms from random nodes, and returns how many messages left for other nodes, per emit.</summary>
    public double MessagesPerEmit(int emits)
    {
        long messages = 0;
        for (var i = 0; i < emits; i++)
        {
            var (publisher, room) = (_nodes[_random.Next(_nodes.Length)], _rooms[_random.Next(_rooms.Count)]);
            foreach (var node in _owners[OwnerOf(room)].NodesOf(room))
            {
                messages += node == publisher ? 0 : 1;
            }
        }

        return (double)messages / emits;
    }

    /// <summary>Lets one node die, and returns how many owners had to forget it.</summary>
    public int KillOneNode() => _owners.Values.Count(owner => owner.Forget(_nodes[0]));

    private static int OwnerOf(string room) => RoomShardKey.ShardOf(room);

    private void Join(NodeIdentity node, string room, string socket)
    {
        var owner = OwnerOf(room);
        if (!_owners.TryGetValue(owner, out var membership))
        {
            _owners.Add(owner, membership = new RoomMembership());
        }

        var version = _versions.GetValueOrDefault((node, owner));
        var outcome = membership.Apply(
            new MembershipDelta
            {
                Node = node,
                BaseVersion = version,
                Version = version + 1,
                Changes = ImmutableArray.Create(new MembershipChange(room, socket, Joined: true)),
            },
            out _);
        if (outcome != MembershipOutcome.Applied)
        {
            throw new InvalidOperationException($"Shard {owner} answered {outcome} to a join.");
        }

        _versions[(node, owner)] = version + 1;
    }

    private string NewId() => string.Create(PrivateRooms.SocketIdLength, _random, static (id, random) =>
    {
        for (var i = 0; i < id.Length; i++)
        {
            id[i] = IdAlphabet[random.Next(IdAlphabet.Length)];
        }
    });
}
