using System.Collections.Immutable;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Publishing.Requests;

namespace OrleansRooms.AdapterClient.Requests;

/// <summary>Gathers one answer of each other node to a server-side event.</summary>
internal sealed class ServerSideEmitRequest : PendingRequest
{
    private readonly ImmutableArray<Packet>.Builder _responses = ImmutableArray.CreateBuilder<Packet>();

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

    protected override bool TakeResponse(string nodeId, Envelope response)
    {
        if (response.Kind != EnvelopeKind.ServerSideEmitResponse)
        {
            return false;
        }

        // 0: the node has closed the namespace meanwhile.
        if (response.Count > 0)
        {
            _responses.Add(PacketEnvelopeMapper.ToAck(response));
        }

        return true;
    }
}
