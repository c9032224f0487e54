using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter.Cluster;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Wire;

namespace OrleansRooms.Emitter.Broadcasting;

/// <summary>An emitter of one namespace: it makes envelopes of what is wanted and puts them into the namespace's queue.</summary>
internal sealed partial class EmitterNamespace(EmitterCluster cluster, string ns) : OperatorSource, ISocketIOEmitter
{
    public string Namespace => ns;

    public ClusterState State => cluster.State;

    protected override EmitterNamespace Emitter => this;

    public ISocketIOEmitter Of(string ns)
    {
        ArgumentNullException.ThrowIfNull(ns);
        NamespaceName.ThrowIfUnreachable(ns);
        return new EmitterNamespace(cluster, ns.StartsWith('/') ? ns : $"/{ns}");
    }

    public ValueTask Emit(Selection selection, string eventName, object?[] args, CancellationToken cancellationToken)
    {
        var packet = ToEvent(eventName, args);
        return Send(PacketEnvelopes.Carry(selection.ToEnvelope(EnvelopeKind.Broadcast, ns), packet), cancellationToken);
    }

    public ValueTask SocketsLeave(Selection selection, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken) =>
        Send(selection.ToEnvelope(EnvelopeKind.SocketsLeave, ns) with { Targets = ToTargets(rooms) }, cancellationToken);

    public ValueTask DisconnectSockets(Selection selection, bool close, CancellationToken cancellationToken) =>
        Send(
            (close ? selection.With(EnvelopeFlags.CloseConnection) : selection).ToEnvelope(EnvelopeKind.DisconnectSockets, ns),
            cancellationToken);

    public ValueTask SocketsJoinAsync(Selection selection, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        var targets = ToTargets(rooms);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var request = new JoinRequest();
        var envelope = selection.ToEnvelope(EnvelopeKind.SocketsJoin, ns) with { Targets = targets };
        if (cluster.Requests.TryAdd(request))
        {
            return new ValueTask(cluster.WhenJoinedAsync(request, Send, cancellationToken));
        }

        Send();
        return default;

        void Send() => _ = cluster.Send(ns, new OutboundMessage(envelope with { RequestId = request.Id }, request: request));
    }

    public ValueTask ServerSideEmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default)
    {
        var packet = ToServerEvent(eventName, args);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        return new ValueTask(
            cluster.Send(ns, new OutboundMessage(PacketEnvelopes.Carry(EnvelopeKind.ServerSideEmit, ns, packet), toAllNodes: true)));
    }

    private ValueTask Send(Envelope envelope, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        return new ValueTask(cluster.Send(ns, new OutboundMessage(envelope)));
    }

    private Packet ToEvent(string eventName, object?[] args)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(args);
        ReservedEvents.ThrowIfReserved(eventName);
        return cluster.Serializer.Event(ns, eventName, args);
    }

    private Packet ToServerEvent(string eventName, object?[] args)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(args);
        ReservedEvents.ThrowIfReservedForServers(eventName);
        return cluster.Serializer.Event(ns, eventName, args);
    }

    private static string[] ToTargets(IReadOnlyCollection<string> rooms)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        string[] targets = [.. rooms];
        return Array.IndexOf(targets, null) < 0 ? WireName.Of(targets) : throw new ArgumentException("A room is null.", nameof(rooms));
    }
}
