using System.Text;
using System.Text.Unicode;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>Reads the default parser's messages of one connection.</summary>
internal sealed class JsonPacketDecoder(int maxAttachments, int maxDepth) : IPacketDecoder
{
    // Longer names are not worth remembering: they would only let a client pin memory.
    private const int LongestRememberedNamespace = 128;

    private static readonly byte[] MainNamespaceBytes = [(byte)'/'];

    private byte[] _lastNamespaceBytes = MainNamespaceBytes;
    private string _lastNamespace = Packet.MainNamespace;

    private Packet? _pending;
    private ReadOnlyMemory<byte>[] _attachments = [];
    private int _received;

    public Packet? Add(ReadOnlyMemory<byte> data, bool isBinary)
    {
        if (isBinary) return AddAttachment(data);
        if (_pending is not null)
        {
            Forget();
            throw new PacketFormatException("A text message came while binary attachments were awaited.");
        }

        return ReadText(data);
    }

    private Packet? AddAttachment(ReadOnlyMemory<byte> data)
    {
        var pending = _pending ?? throw new PacketFormatException("A binary message came while no attachment was awaited.");
        _attachments[_received++] = data;
        if (_received < _attachments.Length) return null;

        Forget();
        return pending;
    }

    private void Forget()
    {
        _pending = null;
        _attachments = [];
        _received = 0;
    }

    private Packet? ReadText(ReadOnlyMemory<byte> data)
    {
        var text = data.Span;
        if (text.IsEmpty) throw new PacketFormatException("The packet is empty.");

        // Checked as a whole, because the payload is handed on as raw bytes and has to be valid wherever it ends up.
        if (!Utf8.IsValid(text)) throw new PacketFormatException("The packet is not UTF-8.");

        var type = (PacketType)(text[0] - '0');
        if (type is < PacketType.Connect or > PacketType.BinaryAck)
        {
            throw new PacketFormatException("The packet type is unknown.");
        }

        var position = 1;
        var isBinary = type is PacketType.BinaryEvent or PacketType.BinaryAck;
        var attachments = isBinary ? ReadAttachmentCount(text, ref position) : 0;
        var ns = ReadNamespace(text, ref position);
        var ackId = ReadAckId(text, ref position);
        var payload = data[position..];
        JsonPayload.Validate(type, payload.Span, attachments, maxDepth);

        if (attachments > 0) _attachments = new ReadOnlyMemory<byte>[attachments];
        var packet = new Packet { Type = type, Namespace = ns, AckId = ackId, Payload = payload, Attachments = _attachments };
        if (!isBinary) return packet;

        _pending = packet;
        return null;
    }

    private int ReadAttachmentCount(ReadOnlySpan<byte> text, ref int position)
    {
        var start = position;
        var count = 0L;
        while (position < text.Length && text[position] is >= (byte)'0' and <= (byte)'9')
        {
            // Stops growing past the limit, so a run of digits of any length cannot overflow.
            if (count <= maxAttachments) count = count * 10 + (text[position] - '0');
            position++;
        }

        if (position == start || count == 0 || position == text.Length || text[position] != (byte)'-')
        {
            throw new PacketFormatException("illegal attachments");
        }

        if (count > maxAttachments) throw new PacketFormatException("too many attachments");

        position++;
        return (int)count;
    }

    private string ReadNamespace(ReadOnlySpan<byte> text, ref int position)
    {
        if (position == text.Length || text[position] != (byte)'/') return Packet.MainNamespace;

        var rest = text[position..];
        var length = rest.IndexOf((byte)',');
        if (length < 0)
        {
            length = rest.Length;
            position = text.Length;
        }
        else
        {
            position += length + 1;
        }

        var token = rest[..length];
        if (token.SequenceEqual(_lastNamespaceBytes)) return _lastNamespace;

        var ns = Encoding.UTF8.GetString(token);
        if (length > LongestRememberedNamespace) return ns;

        _lastNamespaceBytes = token.ToArray();
        return _lastNamespace = ns;
    }

    private static long? ReadAckId(ReadOnlySpan<byte> text, ref int position)
    {
        var start = position;
        var id = 0L;
        while (position < text.Length && text[position] is >= (byte)'0' and <= (byte)'9')
        {
            var digit = text[position++] - '0';
            if (id > (long.MaxValue - digit) / 10) throw new PacketFormatException("The ack id is too large.");
            id = id * 10 + digit;
        }

        return position == start ? null : id;
    }
}
