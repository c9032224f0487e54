using System.Threading.Channels;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Tests;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Membership.Tests;

/// <summary>Sockets of a node that are names and nothing else.</summary>
internal sealed class HeldSockets : ISocketHolder, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _rooms = [];
    private readonly Channel<Envelope> _received = Channel.CreateUnbounded<Envelope>();
    private readonly NodeNamespace _here;
    private int _sockets;

    private HeldSockets(ClusterNode node, string ns)
    {
        Node = node;
        Namespace = ns;
        _here = new NodeNamespace(node, this);
    }

    public ClusterNode Node { get; }

    public string Namespace { get; }

    public static async Task<HeldSockets> OpenAsync(ClusterNode node, string ns = "/")
    {
        var sockets = new HeldSockets(node, ns);
        await sockets._here.OpenAsync(CancellationToken.None);
        return sockets;
    }

    /// <summary>A new socket joins a room; completes when the cluster knows.</summary>
    public async Task AddAsync(string socketId, string room)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room, out var members)) _rooms.Add(room, members = []);
            members.Add(socketId);
            _here.SetSockets(++_sockets);
            _here.OnJoined(socketId, room);
        }

        await _here.WhenRoutedAsync(socketId, [room], CancellationToken.None).AsTask().WaitAsync(RoomsCluster.Patience);
        await _here.WhenKnownAsync(room).WaitAsync(RoomsCluster.Patience);
    }

    public void Send(string room, byte[] payload)
    {
        var envelope = new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = Namespace, Rooms = [room], Payload = payload };
        _ = _here.Publisher.Send(new OutboundMessage(envelope));
    }

    public async Task<byte[]> NextAsync() => (await _received.Reader.ReadAsync().AsTask().WaitAsync(RoomsCluster.Patience)).Payload;

    public IReadOnlyCollection<string> Members(string room)
    {
        lock (_lock)
        {
            return _rooms.TryGetValue(room, out var members) ? [.. members] : [];
        }
    }

    public void Deliver(NodeIdentity from, Envelope envelope) => _received.Writer.TryWrite(envelope);

    public void OnDeparted(NodeIdentity node)
    {
    }

    public ValueTask DisposeAsync() => _here.DisposeAsync();
}
