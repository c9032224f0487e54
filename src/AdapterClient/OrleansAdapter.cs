using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient.Delivery;
using OrleansRooms.AdapterClient.Membership;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Cluster;
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
internal sealed partial class OrleansAdapter : IAdapter
{
    private readonly ClusterNode _node;
    private readonly ILogger _logger;
    private readonly LocalRooms _rooms;
    private readonly MembershipAnnouncer _members;
    private readonly PresenceAnnouncer _presence;
    private readonly Publisher _publisher;
    private readonly RoomSizeWatch _sizes;
    private readonly DirectoryQueries _queries;
    private readonly AskedSockets _asked = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OrleansAdapter(ClusterNode node, IAdapterNamespace ns, ILogger<OrleansAdapter> logger)
    {
        _node = node;
        _logger = logger;
        Namespace = ns;
        _rooms = ns.Rooms;
        _members = new MembershipAnnouncer(node, ns.Name, _rooms, logger);
        _presence = new PresenceAnnouncer(node, ns.Name);
        _publisher = node.Participant.OpenPublisher(ns.Name);
        _queries = new DirectoryQueries(node.Participant, ns.Name);
        _sizes = new RoomSizeWatch(_rooms, _members, ns.Name, logger);
    }

    public IAdapterNamespace Namespace { get; }

    /// <summary>Completes when the adapter is closed and the cluster knows.</summary>
    internal Task Gone => _gone.Task;

    public async ValueTask InitializeAsync(CancellationToken cancellationToken = default)
    {
        var predecessor = _node.Add(this);
        _members.StartAfter = predecessor;
        _presence.StartAfter = predecessor;
        _node.Start();
        _presence.Open();
        await _node.Joins.WaitAsync(_presence.WhenPresentAsync(), cancellationToken).ConfigureAwait(false);
    }

    public void OnSocketCountChanged(int sockets) => _presence.SetSockets(sockets);

    public void OnJoined(string socketId, string room, int size) => _members.OnJoined(socketId, room);

    public void OnLeft(string socketId, string room, int size)
    {
        _members.OnLeft(socketId, room, isEmpty: size == 0);
        if (size == 0)
        {
            _sizes.Forget(room);
        }
    }

    public ValueTask WhenToldAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        var routed = _members.WhenRoutedAsync(socketId, rooms, cancellationToken);
        return _presence.WhenRouted() is { } present
            ? new ValueTask(Task.WhenAll(routed.AsTask(), _node.Joins.WaitAsync(present, cancellationToken)))
            : routed;
    }

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
            _leaving.Token);
        return new RoomWatch(follower.Started, follower.Dispose);
    }

    public async ValueTask DisposeAsync()
    {
        // Without a registration nobody knows anything of this node; after its goodbye nobody wants to. What was sent still goes out.
        var told = _node.State == ClusterState.Left ? _node.WhenSentAsync()
            : _node.CurrentRun is null ? Task.CompletedTask
            : Task.WhenAll(_members.WhenAllKnownAsync(), _presence.CloseAsync(), _node.WhenSentAsync());
        await FinishAsync(told).WaitAsync(_node.Options.ShutdownTimeout, _node.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Goes on in the background if the cluster takes long, for as long as the node lives: owners that never hear of the leaving would keep
    // sending.
    private async Task FinishAsync(Task told)
    {
        await told.WaitAsync(_node.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        StopAnnouncing();
        _publisher.Dispose();
        _node.Remove(this);
        _gone.SetResult();
    }

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

    /// <summary>A node departed: nobody there waits for acks any more.</summary>
    internal void OnDeparted(NodeIdentity node) => _asked.OnDeparted(node);

    /// <summary>How many questions of other nodes without a limit of their own wait for sockets of this one.</summary>
    internal int OpenQuestions => _asked.Count;

    /// <summary>Tells the owners what they have to be told; see <see cref="MembershipAnnouncer.Announce"/>.</summary>
    internal void Announce()
    {
        _presence.Repeat();
        _members.Announce();
    }

    /// <summary>Asks the owners whether they know what they should; see <see cref="MembershipAnnouncer.Verify"/>.</summary>
    internal void Verify()
    {
        _presence.Repeat();
        _members.Verify();
    }

    /// <summary>Tells the owners everything again; completes when all have been told, or the namespace is closed.</summary>
    internal Task TellEverythingAgainAsync() => Task.WhenAll(_presence.RepeatAsync(), _members.VerifyAsync());

    /// <summary>
    /// Tells the owners nothing more, and hears nothing more of them, because the node has left or the namespace is closed.
    /// </summary>
    internal void StopAnnouncing()
    {
        _leaving.Cancel();
        _members.Dispose();
        _presence.Dispose();
    }
}
