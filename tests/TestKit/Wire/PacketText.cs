using System.Text;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.TestKit.Wire;

/// <summary>Packets as text that tests compare and people read.</summary>
public static class PacketText
{
    /// <summary>A packet in one line: <c>Event /chat #7 ["a"]</c>, attachments behind it in angle brackets as hexadecimal digits.</summary>
    public static string Describe(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var line = new StringBuilder($"{packet.Type} {packet.Namespace}");
        if (packet.AckId is { } id) line.Append($" #{id}");
        if (!packet.Payload.IsEmpty) line.Append(' ').Append(Encoding.UTF8.GetString(packet.Payload.Span));
        foreach (var attachment in packet.Attachments) line.Append($" <{Convert.ToHexString(attachment.Span)}>");
        return line.ToString();
    }
}
