using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Requests;

/// <summary>Adds the sockets of one part of a node's answer to those that came before.</summary>
/// <exception cref="JsonException">It is no such answer.</exception>
internal delegate void SocketsReader<TSocket>(byte[] part, string nodeId, ImmutableArray<TSocket>.Builder sockets);

/// <summary>Gathers the descriptions of sockets of other nodes.</summary>
internal sealed class FetchRequest<TSocket>(SocketsReader<TSocket> read) : PendingRequest
{
    private readonly ImmutableArray<TSocket>.Builder _sockets = ImmutableArray.CreateBuilder<TSocket>();

    /// <summary>What has come; read after it is closed.</summary>
    public ImmutableArray<TSocket> Sockets
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
            read(response.Payload, nodeId, _sockets);
            return response.Count == 0;
        }
        catch (JsonException)
        {
            // It owes an answer that can be read; its sockets are missing then.
            return false;
        }
    }
}
