using System.Collections.Immutable;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;

namespace OrleansRooms.Messaging.Requests;

/// <summary>Gathers one answer of each other node to a server-side event.</summary>
internal sealed class ServerSideEmitRequest : PendingRequest
{
    private readonly ImmutableArray<Packet>.Builder _responses = ImmutableArray.CreateBuilder<Packet>();
    private readonly ImmutableArray<string>.Builder _nodes = ImmutableArray.CreateBuilder<string>();

    /// <summary>What has come; read after it is closed.</summary>
    public ImmutableArray<Packet> Responses
    {
        get
        {
            lock (Lock)
            {
                return _responses.ToImmutable();
            }
        }
    }

    /// <summary>The nodes that have answered, in the order of <see cref="Responses"/>.</summary>
    public ImmutableArray<string> RespondingNodes
    {
        get
        {
            lock (Lock)
            {
                return _nodes.ToImmutable();
            }
        }
    }

    protected override bool TakeResponse_NeedsLock(string nodeId, Envelope response)
    {
        if (response.Kind != EnvelopeKind.ServerSideEmitResponse)
        {
            return false;
        }

        // 0: the node has closed the namespace meanwhile.
        if (response.Count > 0)
        {
            _responses.Add(PacketEnvelopes.ToAck(response));
            _nodes.Add(nodeId);
        }

        return true;
    }

    protected override void LetGo_NeedsLock()
    {
        _responses.Clear();
        _nodes.Clear();
    }
}
