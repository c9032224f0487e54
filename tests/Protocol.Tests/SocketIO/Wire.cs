using System.Text;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>Frames as readable text: binary ones in angle brackets as hexadecimal digits, <c>451-[...] &lt;01FF&gt;</c>.</summary>
internal static class Wire
{
    public static string Format(IEnumerable<EngineIOFrame> frames) =>
        string.Join(' ', frames.Select(frame => frame.IsBinary
            ? $"<{Convert.ToHexString(frame.Payload.Span)}>"
            : Encoding.UTF8.GetString(frame.Payload.Span)));

    public static string Encode(Packet packet) => Format(new JsonPacketParser().Encode(packet));

    /// <summary>Decodes one packet from its text, without the Engine.IO digit, and its attachments.</summary>
    public static Packet Decode(string text, params byte[][] attachments)
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        var packet = decoder.Add(Encoding.UTF8.GetBytes(text), isBinary: false);
        foreach (var attachment in attachments)
        {
            Assert.Null(packet);
            packet = decoder.Add(attachment, isBinary: true);
        }

        Assert.NotNull(packet);
        return packet;
    }
}
