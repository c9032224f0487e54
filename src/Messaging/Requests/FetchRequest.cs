using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Requests;

/// <summary>Adds the sockets of one array of a node's answer to those that came before.</summary>
/// <exception cref="JsonException">It is no such array.</exception>
internal delegate void SocketsReader<TSocket>(byte[] array, string nodeId, ImmutableArray<TSocket>.Builder sockets);

/// <summary>
/// Gathers the descriptions of sockets of other nodes: the parts as they come, which are put together and read when the request is closed.
/// </summary>
internal sealed class FetchRequest<TSocket>(SocketsReader<TSocket> read) : PendingRequest
{
    private readonly Dictionary<string, List<Envelope>> _parts = new(StringComparer.Ordinal);
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

    protected override bool TakeResponse_NeedsLock(string nodeId, Envelope response)
    {
        if (response.Kind != EnvelopeKind.FetchSocketsResponse)
        {
            return false;
        }

        if (!_parts.TryGetValue(nodeId, out var parts))
        {
            parts = [];
            _parts.Add(nodeId, parts);
        }

        parts.Add(response);
        return response.Count == 0;
    }

    // Its sockets went with it.
    protected override void Departed_NeedsLock(string nodeId) => _parts.Remove(nodeId);

    protected override void LetGo_NeedsLock() => _parts.Clear();

    protected override void Closing_NeedsLock(List<string> failed)
    {
        foreach (var (nodeId, parts) in _parts)
        {
            if (!TryRead(nodeId, parts) && !failed.Contains(nodeId))
            {
                failed.Add(nodeId);
            }
        }

        _parts.Clear();
    }

    private bool TryRead(string nodeId, List<Envelope> parts)
    {
        try
        {
            for (var (begin, end) = (0, 0); end < parts.Count; end++)
            {
                if ((parts[end].Flags & EnvelopeFlags.Continues) == 0)
                {
                    read(Join(parts, begin, end), nodeId, _sockets);
                    begin = end + 1;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Join(List<Envelope> parts, int begin, int end)
    {
        if (begin == end)
        {
            return parts[begin].Payload;
        }

        var length = 0;
        for (var i = begin; i <= end; i++)
        {
            length = checked(length + parts[i].Payload.Length);
        }

        var joined = new byte[length];
        var offset = 0;
        for (var i = begin; i <= end; i++)
        {
            parts[i].Payload.CopyTo(joined, offset);
            offset += parts[i].Payload.Length;
        }

        return joined;
    }
}
