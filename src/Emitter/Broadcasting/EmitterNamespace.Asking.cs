using System.Text.Json;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter.Sockets;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Publishing.Outbound;
using OrleansRooms.Publishing.Requests;
using OrleansRooms.Publishing.Routing;
using OrleansRooms.Publishing.Wire;

namespace OrleansRooms.Emitter.Broadcasting;

/// <content>What asks a question: of servers and their clients, or of the directory.</content>
internal sealed partial class EmitterNamespace
{
    public async Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        Selection selection, string eventName, object?[] args, CancellationToken cancellationToken)
    {
        var packet = ToEvent(eventName, args);
        // Filled under the request's lock and read after it is closed.
        var responses = new List<T>();
        var request = new BroadcastAckRequest(ack => TakeResponse(ack, responses));
        request.ExpectLocal(0);
        var envelope = PacketEnvelopes.Carry(selection.ToEnvelope(EnvelopeKind.BroadcastWithAck, ns), packet);
        await AskAsync(request, envelope, toAllNodes: false, selection.Timeout, cancellationToken).ConfigureAwait(false);
        if (!request.Close(out var missing))
        {
            throw cluster.Unavailable(ns, "which servers hold recipients of the event");
        }

        return missing.IsEmpty && responses.Count >= request.Expected
            ? responses
            : throw new ClientAckException<T>(responses, request.Expected, missing);
    }

    public async Task<IReadOnlyList<EmitterSocket>> FetchSocketsAsync(Selection selection, CancellationToken cancellationToken)
    {
        var request = new FetchRequest<EmitterSocket>(
            (part, node, sockets) => SocketAnswers.Read(part, node, this, cluster.Options.SerializerOptions, sockets));
        var envelope = selection.ToEnvelope(EnvelopeKind.FetchSockets, ns);
        await AskAsync(request, envelope, toAllNodes: false, selection.Timeout, cancellationToken).ConfigureAwait(false);
        if (!request.Close(out var missing))
        {
            throw cluster.Unavailable(ns, "which servers hold the sockets");
        }

        return missing.IsEmpty ? request.Sockets : throw new FetchedSocketsException(request.Sockets, missing);
    }

    public async Task<IReadOnlyList<T>> ServerSideEmitWithAckCoreAsync<T>(
        string eventName, object?[] args, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var packet = ToServerEvent(eventName, args);
        var request = new ServerSideEmitRequest();
        var envelope = PacketEnvelopes.Carry(EnvelopeKind.ServerSideEmitRequest, ns, packet);
        await AskAsync(request, envelope, toAllNodes: true, timeout, cancellationToken).ConfigureAwait(false);
        if (!request.Close(out var missing))
        {
            throw cluster.Unavailable(ns, "which servers there are");
        }

        var responses = new List<T>();
        foreach (var response in request.Responses)
        {
            TakeResponse(response, responses);
        }

        return missing.IsEmpty && responses.Count == request.Responses.Length
            ? responses
            : throw new ServerAckException<T>(responses, missing);
    }

    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return cluster.AskDirectoryAsync(
            () => OwnerKey.Of(cluster.Options.ClusterKey, ns, room).Grain(cluster.Grains, cluster.Options.ClusterKey, ns)
                .GetSizeAsync(room, cluster.KnownVersion),
            ns,
            "how many sockets are in the room",
            cancellationToken);
    }

    public async ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default)
    {
        var sockets = 0;
        foreach (var node in await GetNodesAsync("how many sockets the namespace has", cancellationToken).ConfigureAwait(false))
        {
            sockets += node.Sockets;
        }

        return sockets;
    }

    public async ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) =>
        (await GetNodesAsync("how many servers have the namespace", cancellationToken).ConfigureAwait(false)).Length;

    private ValueTask<System.Collections.Immutable.ImmutableArray<NamespaceNode>> GetNodesAsync(string what, CancellationToken cancellationToken) =>
        cluster.AskDirectoryAsync(
            () => cluster.Grains.GetGrain<INamespaceGrain>(new NamespaceKey(cluster.Options.ClusterKey, ns).ToGrainKey())
                .GetNodesAsync(cluster.KnownVersion),
            ns,
            what,
            cancellationToken);

    private async Task AskAsync(PendingRequest request, Envelope envelope, bool toAllNodes, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var limit = timeout ?? cluster.Options.RequestTimeout;
        cluster.Requests.Add(request);
        // 0 stands for no limit on the wire, so a limit of nothing becomes the shortest.
        var milliseconds = limit == System.Threading.Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (long)limit.TotalMilliseconds);
        cluster.Send(ns, new OutboundMessage(envelope with { RequestId = request.Id, TimeoutMilliseconds = milliseconds }, toAllNodes, request));
        await cluster.Requests.WaitAsync(request, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// An answer that cannot be read counts as none: one client that answers nonsense must not take the other answers away from the caller.
    /// </summary>
    private void TakeResponse<T>(Packet ack, List<T> responses)
    {
        try
        {
            responses.Add(cluster.Serializer.Read(ack).Get<T>(0)!);
        }
        catch (Exception exception) when (exception is JsonException or PacketFormatException)
        {
            // It is missing in the count.
        }
    }
}
