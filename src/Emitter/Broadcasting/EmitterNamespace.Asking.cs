using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter.Sockets;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Wire;

namespace OrleansRooms.Emitter.Broadcasting;

/// <content>What asks a question of servers and their clients.</content>
internal sealed partial class EmitterNamespace
{
    public async Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        Selection selection, string eventName, object?[] args, CancellationToken cancellationToken)
    {
        var packet = ToEvent(eventName, args);
        // Filled under the request's lock and read after it is closed.
        var acks = new List<Packet>();
        var request = new BroadcastAckRequest(acks.Add);
        var envelope = PacketEnvelopes.Carry(selection.ToEnvelope(EnvelopeKind.BroadcastWithAck, ns), packet);
        try
        {
            await AskAsync(request, envelope, toAllNodes: false, selection.Timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (selection.Timeout == System.Threading.Timeout.InfiniteTimeSpan)
            {
                cluster.Requests.ForgetAcks(request, ns);
            }
        }

        if (!request.Close(out var missing))
        {
            throw cluster.Unavailable(ns, "which servers hold recipients of the event");
        }

        // An answer that cannot be read counts as none: one client that answers nonsense must not take the other answers away from the
        // caller.
        var responses = new List<T>();
        foreach (var ack in acks)
        {
            TryRead(ack, responses, out _);
        }

        return missing.IsEmpty && responses.Count >= request.Expected
            ? responses
            : throw new ClientAckException<T>(responses, request.Expected, missing);
    }

    public async Task<IReadOnlyList<EmitterSocket>> FetchSocketsAsync(Selection selection, CancellationToken cancellationToken)
    {
        var request = new FetchRequest<EmitterSocket>(
            (part, node, sockets) => SocketAnswers.Read(part, node, this, cluster.Serializer, sockets));
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
        var packets = request.Responses;
        Exception? unreadable = null;
        for (var i = 0; i < packets.Length; i++)
        {
            if (!TryRead(packets[i], responses, out var failure))
            {
                unreadable ??= failure;
                missing = missing.Add(request.RespondingNodes[i]);
            }
        }

        return missing.IsEmpty ? responses : throw new ServerAckException<T>(responses, missing, unreadable);
    }

    private async Task AskAsync(
        PendingRequest request, Envelope envelope, bool toAllNodes, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var limit = timeout ?? cluster.Options.RequestTimeout;
        if (limit != System.Threading.Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        }

        using var expected = cluster.Requests.Add(request);
        // 0 stands for no limit on the wire, so a limit of nothing becomes the shortest.
        var milliseconds = limit == System.Threading.Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (long)limit.TotalMilliseconds);
        _ = cluster.Send(
            ns, new OutboundMessage(envelope with { RequestId = request.Id, TimeoutMilliseconds = milliseconds }, toAllNodes, request));
        await cluster.Requests.WaitAsync(request, limit, cancellationToken).ConfigureAwait(false);
    }

    // Converters are the application's code and may throw anything. They run here, where the caller waits, and not where answers come in.
    private bool TryRead<T>(Packet ack, List<T> responses, [NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            responses.Add(cluster.Serializer.Read(ack).Get<T>(0)!);
            failure = null;
            return true;
        }
        catch (Exception exception)
        {
            failure = exception;
            return false;
        }
    }
}
