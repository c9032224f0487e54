using OrleansRooms.AdapterClient.Delivery;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient;

/// <content>What other nodes sent.</content>
internal sealed partial class OrleansAdapter
{
    // How many questions of other nodes are being answered in parts.
    private int _fetchAnswers;

    IReadOnlyCollection<string> ISocketHolder.Members(string room) => _rooms.Members(room);

    void ISocketHolder.OnDeparted(NodeIdentity node) => _asked.OnDeparted(node);

    void ISocketHolder.Deliver(NodeIdentity from, Envelope envelope)
    {
        var options = PacketEnvelopeMapper.ToOptions(envelope);
        switch (envelope.Kind)
        {
            case EnvelopeKind.Broadcast:
                // (10) Rooms and exceptions are applied here, where the sockets are: each gets the packet once.
                _rooms.Broadcast(PacketEnvelopes.ToEvent(envelope), options);
                break;
            case EnvelopeKind.SocketsJoin:
                _ = JoinAsync(from, envelope, options);
                break;
            case EnvelopeKind.SocketsLeave:
                _ = ObserveAsync(_rooms.SocketsLeaveAsync(options, WireName.Read(envelope.Targets)).AsTask(), from, envelope);
                break;
            case EnvelopeKind.DisconnectSockets:
                _rooms.DisconnectSockets(options, (envelope.Flags & EnvelopeFlags.CloseConnection) != 0);
                break;
            case EnvelopeKind.ServerSideEmit:
                Namespace.OnServerSideEmit(PacketEnvelopes.ToEvent(envelope), respond: null);
                break;
            case EnvelopeKind.ServerSideEmitRequest:
                AnswerServerSideEmit(from, envelope);
                break;
            case EnvelopeKind.BroadcastWithAck:
                new RemoteAckBroadcast(_node, _asked, from, envelope).Start(_rooms, PacketEnvelopes.ToEvent(envelope), options);
                break;
            case EnvelopeKind.ForgetAcks:
                _asked.Forget(from, envelope.RequestId);
                break;
            case EnvelopeKind.FetchSockets:
                _ = AnswerFetchSocketsAsync(from, envelope, _rooms.DescribeEach(options));
                break;
            case EnvelopeKind.RoomSizeChanged:
                _sizes.OnNotice(envelope);
                break;
            default:
                // Of a later version: it is meant for nodes that know it.
                _node.Participant.Metrics.Ignored("kind");
                break;
        }
    }

    private async Task JoinAsync(NodeIdentity from, Envelope envelope, BroadcastOptions options)
    {
        // The sockets have joined when this call returns; what follows in the queue finds them in their rooms.
        await ObserveAsync(
            _rooms.SocketsJoinAsync(options, WireName.Read(envelope.Targets)).AsTask(), from, envelope).ConfigureAwait(false);
        if (envelope.RequestId != 0)
        {
            _node.Links.Send(from, Response(EnvelopeKind.SocketsJoined, envelope));
        }
    }

    private async Task ObserveAsync(Task work, NodeIdentity from, Envelope envelope)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.RemoteOperationFailed(_logger, envelope.Kind, from, Namespace.Name, exception);
        }
    }

    private void AnswerServerSideEmit(NodeIdentity from, Envelope envelope)
    {
        var hasAnswered = 0;
        Namespace.OnServerSideEmit(PacketEnvelopes.ToEvent(envelope), Respond);

        void Respond(Packet answer)
        {
            if (Interlocked.Exchange(ref hasAnswered, 1) == 0)
            {
                _node.Links.Send(
                    from,
                    PacketEnvelopes.Carry(EnvelopeKind.ServerSideEmitResponse, Namespace.Name, answer)
                        with { RequestId = envelope.RequestId, Count = 1 });
            }
        }
    }

    private async Task AnswerFetchSocketsAsync(NodeIdentity from, Envelope envelope, IEnumerable<SocketDescription> descriptions)
    {
        try
        {
            if (Interlocked.Increment(ref _fetchAnswers) > _options.MaxPendingRequests)
            {
                throw new InvalidOperationException(
                    $"{_options.MaxPendingRequests} questions are being answered already " +
                    $"({nameof(OrleansAdapterOptions.MaxPendingRequests)}).");
            }

            await new FetchAnswer(_node, from, envelope, descriptions).SendAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The requester waits no longer.
        }
        catch (Exception exception)
        {
            // Data that cannot be serialised, for example. The requester is told at once rather than left to wait.
            Log.RemoteOperationFailed(_logger, envelope.Kind, from, Namespace.Name, exception);
            _node.Links.Send(from, Response(EnvelopeKind.FetchSocketsResponse, envelope) with { Flags = EnvelopeFlags.Failed });
        }
        finally
        {
            Interlocked.Decrement(ref _fetchAnswers);
        }
    }

    private static Envelope Response(EnvelopeKind kind, Envelope request) =>
        new() { Kind = kind, Namespace = request.Namespace, RequestId = request.RequestId };
}
