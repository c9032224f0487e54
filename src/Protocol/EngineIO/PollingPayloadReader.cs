namespace OrleansRooms.Protocol.EngineIO;

/// <summary>
/// Walks the body of a polling POST packet by packet, so that the packets before a broken one are delivered (Engine.IO
/// protocol 4, "Payload encoding"). An empty body, and a body that ends with the separator, holds an empty packet, which is
/// broken.
/// </summary>
/// <example>
/// <code>
/// var reader = new PollingPayloadReader(body);
/// while (reader.TryRead(out var packet)) Deliver(packet);
/// if (reader.IsMalformed) Close(CloseReason.ParseError);
/// </code>
/// </example>
public struct PollingPayloadReader
{
    private readonly ReadOnlyMemory<byte> _body;
    private int _position;
    private bool _ended;

    /// <summary>Begins to read a body.</summary>
    /// <param name="body">The whole body in UTF-8; the packets keep slices of it, so it must not be reused.</param>
    public PollingPayloadReader(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _position = 0;
        _ended = false;
        IsMalformed = false;
    }

    /// <summary>Whether reading stopped at something that is no packet; what follows it in the body is ignored.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next packet; <see langword="false"/> at the end of the body and at the first broken packet.</summary>
    public bool TryRead(out EngineIOPacket packet)
    {
        packet = default;
        if (_ended) return false;

        var rest = _body[_position..];
        var length = rest.Span.IndexOf(PollingPayload.Separator);
        if (length < 0)
        {
            length = rest.Length;
            _ended = true;
        }

        _position += length + 1;
        if (EngineIOPacket.TryRead(rest[..length], isBinary: false, out packet)) return true;

        _ended = true;
        IsMalformed = true;
        return false;
    }
}
