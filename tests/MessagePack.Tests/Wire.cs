using System.Text;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.MessagePack.Tests;

/// <summary>Messages as hexadecimal digits and packets as one line of text.</summary>
internal static class Wire
{
    private static readonly MessagePackPacketParser Parser = new();

    public static string Encode(Packet packet)
    {
        var frame = Assert.Single(Parser.Encode(packet));
        Assert.True(frame.IsBinary);
        return Convert.ToHexString(frame.Payload.Span);
    }

    public static Packet Decode(string hex) => Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public static Packet Decode(byte[] message)
    {
        var packet = Parser.CreateDecoder().Add(message, isBinary: true);
        Assert.NotNull(packet);
        return packet;
    }

    /// <summary><c>Event /chat #7 ["a"]</c>, attachments behind it in angle brackets.</summary>
    public static string Describe(Packet packet)
    {
        var line = new StringBuilder($"{packet.Type} {packet.Namespace}");
        if (packet.AckId is { } id) line.Append($" #{id}");
        if (!packet.Payload.IsEmpty) line.Append(' ').Append(Encoding.UTF8.GetString(packet.Payload.Span));
        foreach (var attachment in packet.Attachments) line.Append($" <{Convert.ToHexString(attachment.Span)}>");
        return line.ToString();
    }
}
