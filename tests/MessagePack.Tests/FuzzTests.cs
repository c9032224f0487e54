using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;
using Xunit.Abstractions;

namespace OrleansRooms.MessagePack.Tests;

/// <summary>Throws mutated messages at the decoder.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] Corpus =
        [.. MessagePackPacketParserTests.FromJavaScript.Select(row => Convert.FromHexString((string)row[0]))];

    private static readonly byte[][] Tokens =
    [
        [0xc0], [0xc1], [0xd4, 0, 0], [0xd4, 1, 0], [0xd7, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0xc4, 1, 7], [0xc7, 1, 0, 7],
        [0xdd, 0xff, 0xff, 0xff, 0xff],
        [0xdf, 0x7f, 0xff, 0xff, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff], [0xc9, 0xff, 0xff, 0xff, 0xff, 0], [0x80], [0x90], [0x81], [0x91],
        [0xff],
        [0xd6, 0xff, 0, 0, 0, 0], [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xca, 0x7f, 0xc0, 0, 0],
        [0x82, 0xac, .. "_placeholder"u8, 0xc3, 0xa3, .. "num"u8, 0], [0xa4, .. "type"u8, 2], [0xa4, .. "data"u8, 0x91, 0xa1, 0x61],
    ];

    [Fact]
    public void Decoder_MutatedMessages_RefusesThemOrGivesSoundPackets() =>
        Fuzzing.Run(Corpus, Tokens, (message, _) => Wire.Decode(message), AssertSound, output);

    // What was let in is a packet that clients of either parser understand.
    private static void AssertSound(Packet packet)
    {
        Assert.Equal(packet.Attachments.Count > 0, packet.Type is PacketType.BinaryEvent or PacketType.BinaryAck);
        Assert.Equal(PacketText.Describe(packet), PacketText.Describe(Wire.Decode(Wire.Encode(packet))));

        var parser = new JsonPacketParser();
        var decoder = parser.CreateDecoder();
        if (packet.Namespace.Contains(',', StringComparison.Ordinal)) return; // JSON clients cannot join such a namespace at all.
        Packet? again = null;
        foreach (var frame in parser.Encode(packet))
        {
            again = decoder.Add(frame.IsBinary ? frame.Payload : frame.Payload[1..], frame.IsBinary);
        }

        Assert.NotNull(again);
        Assert.Equal(PacketText.Describe(packet), PacketText.Describe(again));
    }
}
