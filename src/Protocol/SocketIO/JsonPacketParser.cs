using System.Buffers.Text;
using System.Text;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// Socket.IO's default parser: <c>type [attachments '-'] [namespace ','] [ack id] [JSON]</c> in one text message, followed by
/// one binary message per attachment (Socket.IO protocol 5, "Packet encoding"). Thread-safe.
/// </summary>
public sealed class JsonPacketParser : IPacketParser
{
    private readonly int _maxAttachments;
    private readonly int _maxDepth;

    /// <summary>Creates a parser.</summary>
    /// <param name="options">Its limits, read once; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public JsonPacketParser(JsonPacketParserOptions? options = null)
    {
        options ??= new JsonPacketParserOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAttachments, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDepth, 1);
        _maxAttachments = options.MaxAttachments;
        _maxDepth = options.MaxDepth;
    }

    /// <inheritdoc/>
    public IPacketDecoder CreateDecoder() => new JsonPacketDecoder(_maxAttachments, _maxDepth);

    /// <inheritdoc/>
    public EngineIOFrame[] Encode(Packet packet)
    {
        var attachments = packet.Attachments;
        var isBinary = packet.Type is PacketType.BinaryEvent or PacketType.BinaryAck;
        if (isBinary != attachments.Count > 0)
        {
            throw new ArgumentException($"A packet of type {packet.Type} cannot have {attachments.Count} attachments.", nameof(packet));
        }

        var frames = new EngineIOFrame[1 + attachments.Count];
        frames[0] = new EngineIOFrame(EncodeText(packet), isBinary: false);
        for (var i = 0; i < attachments.Count; i++) frames[i + 1] = new EngineIOFrame(attachments[i], isBinary: true);
        return frames;
    }

    // Measured first, so that a broadcast costs one allocation of exactly its size, whatever the number of recipients.
    private static byte[] EncodeText(Packet packet)
    {
        var attachments = packet.Attachments.Count;
        var isMainNamespace = packet.Namespace == Packet.MainNamespace;
        var size = 2 + packet.Payload.Length;
        if (attachments > 0) size += CountDigits(attachments) + 1;
        if (!isMainNamespace) size += Encoding.UTF8.GetByteCount(packet.Namespace) + 1;
        if (packet.AckId is { } ackId) size += CountDigits(ackId);

        var text = GC.AllocateUninitializedArray<byte>(size);
        text[0] = '0' + (int)EngineIOPacketType.Message;
        text[1] = (byte)('0' + (int)packet.Type);
        var rest = text.AsSpan(2);
        if (attachments > 0)
        {
            Utf8Formatter.TryFormat(attachments, rest, out var written);
            rest[written] = (byte)'-';
            rest = rest[(written + 1)..];
        }

        if (!isMainNamespace)
        {
            var written = Encoding.UTF8.GetBytes(packet.Namespace, rest);
            rest[written] = (byte)',';
            rest = rest[(written + 1)..];
        }

        if (packet.AckId is { } id)
        {
            Utf8Formatter.TryFormat(id, rest, out var written);
            rest = rest[written..];
        }

        packet.Payload.Span.CopyTo(rest);
        return text;
    }

    private static int CountDigits(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var digits = 1;
        while ((value /= 10) > 0) digits++;
        return digits;
    }
}
