using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Requests;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Requests;

/// <summary>Gathers the descriptions of sockets of other nodes.</summary>
internal sealed class FetchRequest : PendingRequest
{
    private readonly ImmutableArray<SocketDescription>.Builder _sockets = ImmutableArray.CreateBuilder<SocketDescription>();

    /// <summary>What has come; read after it is closed.</summary>
    public ImmutableArray<SocketDescription> Sockets
    {
        get
        {
            lock (Lock)
            {
                return _sockets.ToImmutable();
            }
        }
    }

    protected override bool TakeResponse(string nodeId, Envelope response)
    {
        if (response.Kind != EnvelopeKind.FetchSocketsResponse)
        {
            return false;
        }

        try
        {
            SocketDescriptions.Read(response.Payload, nodeId, _sockets);
            return response.Count == 0;
        }
        catch (JsonException)
        {
            // It owes an answer that can be read; its sockets are missing then.
            return false;
        }
    }
}
