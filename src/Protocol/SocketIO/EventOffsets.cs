using System.Text.Json;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// The trailing string argument by which a client with connection state recovery remembers the last event it has seen
/// (Socket.IO documentation, "Connection state recovery").
/// </summary>
public static class EventOffsets
{
    /// <summary>
    /// Whether the last argument of an event, or its name where it has none, is a string: a client with connection state recovery takes
    /// that for an offset, whatever it is.
    /// </summary>
    public static bool EndsInString(Packet packet)
    {
        var payload = packet.Payload.Span;
        var end = payload.LastIndexOf((byte)']');
        return end > 0 && payload[..end].TrimEnd(" \t\r\n"u8).EndsWith("\""u8);
    }

    /// <summary>The same event with <paramref name="offset"/> as an additional last argument.</summary>
    /// <exception cref="ArgumentException"><paramref name="packet"/> is not an event.</exception>
    public static Packet AppendArgument(Packet packet, string offset)
    {
        if (!packet.IsEvent) throw new ArgumentException($"Only events carry an offset, not {packet.Type}.", nameof(packet));

        var end = packet.Payload.Span.LastIndexOf((byte)']');
        if (end < 0) throw new ArgumentException("The payload of the event is not an array.", nameof(packet));

        var text = JsonEncodedText.Encode(offset, JavaScriptStringEncoder.Instance).EncodedUtf8Bytes;
        var payload = new byte[end + text.Length + 4];
        packet.Payload.Span[..end].CopyTo(payload);
        var tail = payload.AsSpan(end);
        tail[0] = (byte)',';
        tail[1] = (byte)'"';
        text.CopyTo(tail[2..]);
        tail[^2] = (byte)'"';
        tail[^1] = (byte)']';
        return new Packet
        {
            Type = packet.Type,
            Namespace = packet.Namespace,
            AckId = packet.AckId,
            Payload = payload,
            Attachments = packet.Attachments,
        };
    }
}
