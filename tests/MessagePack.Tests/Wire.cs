using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.MessagePack.Tests;

/// <summary>Messages as hexadecimal digits.</summary>
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
}
