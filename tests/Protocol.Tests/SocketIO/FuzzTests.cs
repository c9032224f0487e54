using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;
using Xunit.Abstractions;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>Throws mutated frames at the decoder.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly PacketSerializer Serializer = new(maxAttachments: 20);

    private static readonly byte[][] Corpus = Bytes(
        "0", "0{\"token\":\"a\"}", "0/custom,", "0/custom", "1", "1/custom,",
        "2[\"message\",1,\"2\",{\"3\":[true]}]", "2/chat,456[\"a\",\"\\ud83d\\ude00\",null]", "2[42,-1.5e3]",
        "3456[1,\"é😀\"]", "3[]", "4{\"message\":\"no\"}",
        "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
        "53-/chat,7[\"a\",{\"_placeholder\":true,\"num\":1},[{\"x\":{\"num\":0,\"_placeholder\":true}}],{\"_placeholder\":true,\"num\":2}]",
        "62-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");

    private static readonly byte[][] Tokens = Bytes(
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "/", "-", "0", "9", "99999999999999999999", "true", "null", " ",
        "\u001e",
        "\"_placeholder\":true", "\"num\":0", "{\"_placeholder\":true,\"num\":0}", "{\"_placeholder\":true,\"num\":-1}", "1e999",
        "\"connect\"");

    [Fact]
    public void Decoder_MutatedFrames_RefusesThemOrGivesSoundPackets() =>
        Fuzzing.Run(Corpus, Tokens, Decode, AssertSound, output);

    private static Packet Decode(byte[] text, Random random)
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        var packet = decoder.Add(text, isBinary: false);
        for (var messages = 0; packet is null; messages++)
        {
            Assert.InRange(messages, 0, 10);
            var attachment = new byte[random.Next(4)];
            random.NextBytes(attachment);

            // Now and then the client forgets the rest of its attachments.
            packet = decoder.Add(attachment, isBinary: random.Next(50) != 0);
        }

        return packet;
    }

    // A packet that was let in can be sent on, read, and echoed, and every client would understand it.
    private static void AssertSound(Packet packet)
    {
        var parser = new JsonPacketParser();
        var decoder = parser.CreateDecoder();
        Packet? again = null;
        foreach (var frame in parser.Encode(packet))
        {
            again = decoder.Add(frame.IsBinary ? frame.Payload : frame.Payload[1..], frame.IsBinary);
        }

        Assert.NotNull(again);
        Assert.Equal(PacketText.Describe(packet), PacketText.Describe(again));
        if (!packet.IsEvent && !packet.IsAck) return;

        var arguments = Serializer.Read(packet);
        if (packet.IsEvent) Assert.False(ReservedEvents.Contains(arguments.EventName));
        var raw = new object?[arguments.Count];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = arguments[i];
            AssertReadable<object>(arguments, i);
            AssertReadable<string>(arguments, i);
            AssertReadable<byte[]>(arguments, i);
            AssertReadable<Dictionary<string, object>>(arguments, i);
            AssertReadable<List<RawArgument>>(arguments, i);
        }

        var echo = Serializer.Event("/", "echo", raw);
        Assert.InRange(echo.Attachments.Count, 0, packet.Attachments.Count);
        var copy = Serializer.Read(echo);
        Assert.Equal(arguments.Count, copy.Count);
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static void AssertReadable<T>(PacketArguments arguments, int index)
    {
        try
        {
            arguments.Get<T>(index);
        }
        catch (JsonException)
        {
            // Another type than the handler expected: its mistake or the client's, and one it can catch.
        }
    }
}
