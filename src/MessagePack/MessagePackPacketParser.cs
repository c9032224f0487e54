using System.Buffers;
using MessagePack;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.MessagePack;

/// <summary>
/// Writes every packet as one binary message that holds a MessagePack map with <c>type</c>, <c>nsp</c>, <c>data</c> and
/// <c>id</c>, as the npm package socket.io-msgpack-parser 3 does. The clients of the server must use that parser too.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Packets are translated to and from the JSON form that the whole product shares, so values that JSON cannot say become what
/// <c>JSON.stringify</c> makes of them: <c>undefined</c> is left out, or <c>null</c> inside an array; a <c>Date</c> arrives as its
/// ISO text; NaN and the infinities arrive as <c>null</c>. Numbers keep their value but not their MessagePack type.
/// </remarks>
public sealed class MessagePackPacketParser : IPacketParser
{
    // A larger buffer is given up, so that one large packet does not stay in the memory of every thread that wrote one.
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    private readonly int _maxAttachments;
    private readonly int _maxDepth;

    /// <summary>Creates a parser.</summary>
    /// <param name="options">Its limits, read once; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public MessagePackPacketParser(MessagePackPacketParserOptions? options = null)
    {
        options ??= new MessagePackPacketParserOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAttachments, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDepth, 1);
        _maxAttachments = options.MaxAttachments;
        _maxDepth = options.MaxDepth;
    }

    /// <inheritdoc/>
    public IPacketDecoder CreateDecoder() => new MessagePackPacketDecoder(_maxAttachments, _maxDepth);

    /// <inheritdoc/>
    public EngineIOFrame[] Encode(Packet packet)
    {
        var output = _kept ?? new ArrayBufferWriter<byte>(1024);
        _kept = null;
        var writer = new MessagePackWriter(output);
        Write(ref writer, packet);
        writer.Flush();
        var frame = new EngineIOFrame(output.WrittenSpan.ToArray(), isBinary: true);

        if (output.Capacity <= LargestKept)
        {
            output.ResetWrittenCount();
            _kept = output;
        }

        return [frame];
    }

    private static void Write(ref MessagePackWriter writer, Packet packet)
    {
        // JavaScript takes only an array for the data of an ack, so an ack without payload gets an empty one.
        var hasData = !packet.Payload.IsEmpty || packet.IsAck;
        writer.WriteMapHeader(2 + (hasData ? 1 : 0) + (packet.AckId is null ? 0 : 1));
        writer.WriteString("type"u8);
        writer.Write((int)(packet.IsEvent ? PacketType.Event : packet.IsAck ? PacketType.Ack : packet.Type));
        writer.WriteString("nsp"u8);
        writer.Write(packet.Namespace);
        if (hasData)
        {
            writer.WriteString("data"u8);
            if (packet.Payload.IsEmpty)
            {
                writer.WriteArrayHeader(0);
            }
            else
            {
                JsonToMessagePack.Write(ref writer, packet.Payload.Span, packet.Attachments);
            }
        }

        if (packet.AckId is { } id)
        {
            writer.WriteString("id"u8);
            writer.Write(id);
        }
    }
}
