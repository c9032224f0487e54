using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient.Delivery;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Queries;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient;

/// <summary>
/// One namespace of this node in the cluster: tells the others through the grains that own the rooms and the packet streams of the other
/// nodes, and brings what they send to this node's own sockets.
/// </summary>
internal sealed partial class OrleansAdapter : IAdapter, ISocketHolder
{
    private readonly ClusterNode _node;
    private readonly NodeNamespace _here;
    private readonly OrleansAdapterOptions _options;
    private readonly ILogger _logger;
    private readonly LocalRooms _rooms;
    private readonly Publisher _publisher;
    private readonly RoomSizeWatch _sizes;
    private readonly DirectoryQueries _queries;
    private readonly AskedSockets _asked = new();

    public OrleansAdapter(ClusterNode node, IAdapterNamespace ns, OrleansAdapterOptions options, ILogger<OrleansAdapter> logger)
    {
        _node = node;
        _options = options;
        _logger = logger;
        Namespace = ns;
        _rooms = ns.Rooms;
        _here = new NodeNamespace(node, this);
        _publisher = _here.Publisher;
        _queries = new DirectoryQueries(node.Participant, ns.Name);
        _sizes = new RoomSizeWatch(_rooms, _here, logger);
    }

    public IAdapterNamespace Namespace { get; }

    string ISocketHolder.Namespace => Namespace.Name;

    public ValueTask InitializeAsync(CancellationToken cancellationToken = default) => new(_here.OpenAsync(cancellationToken));

    public void OnSocketCountChanged(int sockets) => _here.SetSockets(sockets);

    public void OnJoined(string socketId, string room, int size) => _here.OnJoined(socketId, room);

    public void OnLeft(string socketId, string room, int size)
    {
        _here.OnLeft(socketId, room, isEmpty: size == 0);
        if (size == 0)
        {
            _sizes.Forget(room);
        }
    }

    public ValueTask WhenToldAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        _here.WhenRoutedAsync(socketId, rooms, cancellationToken);

    /// <summary>Sends an event to every selected socket of the other nodes.</summary>
    /// <remarks>
    /// A packet's way, here and in docs/architecture.md:
    /// <code>
    ///   this node                                       cluster                        another node
    ///   (1) own sockets, now (LocalRooms)
    ///   (2) envelope (PacketEnvelopeMapper)
    ///   (3) queue of the namespace (OutboundQueue)
    ///   (4) pump takes what waits (Publisher)
    ///   (5) which nodes? (RouteResolver)           -->  room, shard and namespace grains
    ///   (6) one link per node (NodeLink)
    ///   (7) one send per node and batch            -->  the node's packet stream  -->  (8) NodeStreamSubscriber
    ///                                                                                  (9) EnvelopeDispatcher
    ///                                                                                  (10) its sockets (LocalRooms)
    /// </code>
    /// Steps 1 to 3 happen before the call returns; the rest follows in the order of the calls. The task completes when the caller may
    /// send more: see
    /// <see cref="Publisher.Send"/>.
    /// </remarks>
    public ValueTask BroadcastAsync(Packet packet, BroadcastOptions options, CancellationToken cancellationToken = default)
    {
        // (2) The packet's payload is encoded already; rooms and flags go beside it.
        var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.Broadcast, Namespace.Name, options, packet);
        // (3) Behind everything this node has sent in the namespace; steps 4 to 7 are the publisher's.
        return new ValueTask(_publisher.Send(new OutboundMessage(envelope)));
    }

    public ValueTask SocketsJoinAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        var request = new JoinRequest();
        var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.SocketsJoin, Namespace.Name, options)
            with { Targets = WireName.Of([.. rooms]) };
        if (_node.Requests.TryAdd(request))
        {
            return new ValueTask(JoinAndWaitAsync(request, envelope, cancellationToken));
        }

        _ = _publisher.Send(new OutboundMessage(envelope, request: request));
        return default;
    }

    public ValueTask SocketsLeaveAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        new(_publisher.Send(new OutboundMessage(
            PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.SocketsLeave, Namespace.Name, options)
                with { Targets = WireName.Of([.. rooms]) })));

    public ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken = default)
    {
        var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.DisconnectSockets, Namespace.Name, options);
        var flags = close ? envelope.Flags | EnvelopeFlags.CloseConnection : envelope.Flags;
        return new(_publisher.Send(new OutboundMessage(envelope with { Flags = flags })));
    }

    public ValueTask ServerSideEmitAsync(Packet packet, CancellationToken cancellationToken = default) =>
        new(_publisher.Send(
            new OutboundMessage(PacketEnvelopes.Carry(EnvelopeKind.ServerSideEmit, Namespace.Name, packet), toAllNodes: true)));

    public IDisposable WatchRoomSizes(Action<RoomSize> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _sizes.Add(listener);
    }

    public RoomWatch WatchRooms(Action<RoomChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var follower = new RoomFollower(
            _node.Participant,
            Namespace.Name,
            change => listener(new RoomChange(change.Room, change.Exists ? RoomChangeKind.Created : RoomChangeKind.Deleted)),
            _logger,
            _here.Leaving);
        return new RoomWatch(follower.Started, follower.Dispose);
    }

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    private async Task JoinAndWaitAsync(JoinRequest request, Envelope envelope, CancellationToken cancellationToken)
    {
        try
        {
            _ = _publisher.Send(new OutboundMessage(envelope with { RequestId = request.Id }, request: request));
            await _node.Joins.WaitAsync(request.Completed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _node.Requests.Remove(request);
        }
    }

    /// <summary>How many questions of other nodes without a limit of their own wait for sockets of this one.</summary>
    internal int OpenQuestions => _asked.Count;
}
