using System.Text;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.AdapterSpecification;

/// <summary>Packets written as the JSON that a person reads.</summary>
public static class Packets
{
    /// <summary>An event; <paramref name="json"/> is the array that starts with its name.</summary>
    public static Packet Event(string json, params byte[][] attachments) => new()
    {
        Type = attachments.Length > 0 ? PacketType.BinaryEvent : PacketType.Event,
        Payload = Encoding.UTF8.GetBytes(json),
        Attachments = ToMemory(attachments),
    };

    /// <summary>An answer; <paramref name="json"/> is the array of arguments.</summary>
    public static Packet Ack(string json, params byte[][] attachments) => new()
    {
        Type = attachments.Length > 0 ? PacketType.BinaryAck : PacketType.Ack,
        Payload = Encoding.UTF8.GetBytes(json),
        Attachments = ToMemory(attachments),
    };

    /// <summary>A packet's payload, followed by its attachments in hexadecimal.</summary>
    public static string Text(Packet packet)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(packet.Payload.Span));
        foreach (var attachment in packet.Attachments) text.Append('+').Append(Convert.ToHexString(attachment.Span));
        return text.ToString();
    }

    private static ReadOnlyMemory<byte>[] ToMemory(byte[][] attachments) => Array.ConvertAll(attachments, a => new ReadOnlyMemory<byte>(a));
}
