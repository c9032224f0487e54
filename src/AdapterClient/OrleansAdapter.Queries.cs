using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Routing;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace OrleansRooms.AdapterClient;

/// <content>What asks a question: of the directory, or of other nodes.</content>
internal sealed partial class OrleansAdapter
{
    public async ValueTask<BroadcastAckResult> BroadcastWithAckAsync(
        Packet packet, BroadcastOptions options, Action<Packet> onAck, CancellationToken cancellationToken = default)
    {
        var timeout = options.Timeout ?? _options.RequestTimeout;
        var request = new BroadcastAckRequest(onAck);
        using var expected = _node.Requests.Add(request);
        try
        {
            var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.BroadcastWithAck, Namespace.Name, options, packet);
            _ = _publisher.Send(new OutboundMessage(
                envelope with { RequestId = request.Id, TimeoutMilliseconds = ToMilliseconds(timeout) }, request: request));
            await _node.Requests.WaitAsync(request, timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (timeout == Timeout.InfiniteTimeSpan)
            {
                _node.Requests.ForgetAcks(request, Namespace.Name);
            }
        }

        if (request.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return request.Close(out var missing)
            ? new BroadcastAckResult(request.Expected, request.Received, missing) { Gone = request.Gone }
            : throw Unavailable("which nodes hold recipients of the event");
    }

    public async ValueTask<FetchSocketsResult> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken = default)
    {
        var timeout = options.Timeout ?? _options.RequestTimeout;
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        using var expected = _node.Requests.Add(request);
        var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.FetchSockets, Namespace.Name, options);
        _ = _publisher.Send(new OutboundMessage(
            envelope with { RequestId = request.Id, TimeoutMilliseconds = ToMilliseconds(timeout) }, request: request));
        await _node.Requests.WaitAsync(request, timeout, cancellationToken).ConfigureAwait(false);
        return request.Close(out var missing)
            ? new FetchSocketsResult([.. request.Sockets], missing)
            : throw Unavailable("which nodes hold the sockets");
    }

    public async ValueTask<ServerSideEmitResult> ServerSideEmitWithAckAsync(
        Packet packet, TimeSpan? timeout, CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? _options.RequestTimeout;
        var request = new ServerSideEmitRequest();
        using var expected = _node.Requests.Add(request);
        var envelope = PacketEnvelopes.Carry(EnvelopeKind.ServerSideEmitRequest, Namespace.Name, packet);
        _ = _publisher.Send(new OutboundMessage(
            envelope with { RequestId = request.Id, TimeoutMilliseconds = ToMilliseconds(limit) }, toAllNodes: true, request));
        await _node.Requests.WaitAsync(request, limit, cancellationToken).ConfigureAwait(false);
        return request.Close(out var missing)
            ? new ServerSideEmitResult(request.Responses, missing) { RespondingNodes = request.RespondingNodes }
            : throw Unavailable("which other nodes there are");
    }

    public async ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default)
    {
        return await AskAboutAsync(
            room, () => _queries.RoomSizeAsync(room), "how many sockets are in the room", cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default)
    {
        var members = await AskAboutAsync(
            room, () => _queries.RoomMembersAsync(room), "which sockets are in the room", cancellationToken).ConfigureAwait(false);
        return [.. members.Select(member => new RoomMember(member.SocketId, NameOf(member.Node)))];
    }

    public async ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default)
    {
        return await AskAboutAsync(
            room, () => _queries.IsInRoomAsync(room, socketId), "whether the socket is in the room", cancellationToken)
            .ConfigureAwait(false);
    }

    public async ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default)
    {
        return await AskAsync(
            async () =>
            {
                await _here.WhenPresentAsync().ConfigureAwait(false);
                var servers = ImmutableArray.CreateBuilder<NamespaceServer>();
                foreach (var each in await _queries.NodesAsync().ConfigureAwait(false))
                {
                    // This node's own number is known better here.
                    servers.Add(each.Node.Id == _node.NodeId
                        ? new NamespaceServer(null, _rooms.SocketCount)
                        : new NamespaceServer(each.Node.Id, each.Sockets));
                }

                return servers.DrainToImmutable();
            },
            "which nodes have the namespace",
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix, string? after, int limit, CancellationToken cancellationToken = default)
    {
        return await AskAsync(
            () => _queries.RoomsAsync(prefix, after, limit), "which rooms there are", cancellationToken).ConfigureAwait(false);
    }

    // 0 stands for no limit on the wire, so a limit of nothing becomes the shortest.
    private static long ToMilliseconds(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (long)timeout.TotalMilliseconds);

    private string? NameOf(NodeIdentity node) => node.Id == _node.NodeId ? null : node.Id;

    // What this node has done to the room counts.
    private Task<T> AskAboutAsync<T>(string room, Func<ValueTask<T>> ask, string what, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            await _here.WhenKnownAsync(room).ConfigureAwait(false);
            return await ask().ConfigureAwait(false);
        },
        what,
        cancellationToken);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await new ValueTask<T>(ask()).WithinAsync(_options.RequestTimeout, _node.Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _node.ReportFailure(exception);
            throw Unavailable(what, exception);
        }
    }

    private ClusterUnavailableException Unavailable(string what, Exception? cause = null) =>
        new($"The cluster could not say in time {what} (namespace {Namespace.Name}, node {_node.NodeId}).", cause ?? _node.LastFailure);
}
