using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using Xunit.Abstractions;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>
/// Throws mutated frames at the decoder. The seed is fixed, so a run can be repeated; <c>ORLEANSROOMS_FUZZ_SEED</c> and
/// <c>ORLEANSROOMS_FUZZ_ROUNDS</c> make a longer hunt of it.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly PacketSerializer Serializer = new(maxAttachments: 20);

    private static readonly string[] Corpus =
    [
        "0", "0{\"token\":\"a\"}", "0/custom,", "0/custom", "1", "1/custom,",
        "2[\"message\",1,\"2\",{\"3\":[true]}]", "2/chat,456[\"a\",\"\\ud83d\\ude00\",null]", "2[42,-1.5e3]",
        "3456[1,\"é😀\"]", "3[]", "4{\"message\":\"no\"}",
        "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
        "53-/chat,7[\"a\",{\"_placeholder\":true,\"num\":1},[{\"x\":{\"num\":0,\"_placeholder\":true}}],{\"_placeholder\":true,\"num\":2}]",
        "62-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
    ];

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "/", "-", "0", "9", "99999999999999999999", "true", "null", " ", "\u001e",
        "\"_placeholder\":true", "\"num\":0", "{\"_placeholder\":true,\"num\":0}", "{\"_placeholder\":true,\"num\":-1}", "1e999", "\"connect\"",
    ];

    [Fact]
    public void Decoder_MutatedFrames_RefusesThemOrGivesSoundPackets()
    {
        var seed = ReadSetting("ORLEANSROOMS_FUZZ_SEED", 20240229);
        var rounds = ReadSetting("ORLEANSROOMS_FUZZ_ROUNDS", 60_000);
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var random = new Random(seed);
        var accepted = 0;
        var refused = 0;

        for (var round = 0; round < rounds; round++)
        {
            var text = Mutate(random, Encoding.UTF8.GetBytes(Corpus[random.Next(Corpus.Length)]));
            try
            {
                var packet = Decode(text, random);
                accepted++;
                AssertSound(packet);
            }
            catch (PacketFormatException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(text)}", exception);
            }
        }

        output.WriteLine($"{accepted} accepted, {refused} refused");
        Assert.True(accepted > rounds / 20, "Nearly everything is refused: the mutations test nothing.");
        Assert.True(refused > rounds / 20, "Nearly everything is accepted: the mutations test nothing.");
    }

    private static int ReadSetting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;

    private static byte[] Mutate(Random random, byte[] frame)
    {
        var bytes = new List<byte>(frame);
        for (var count = random.Next(4); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(4), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(20), bytes.Count - at)));
                    break;
                default:
                    var other = Encoding.UTF8.GetBytes(Corpus[random.Next(Corpus.Length)]);
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                    break;
            }
        }

        return [.. bytes];
    }

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
            again = decoder.Add(frame.IsBinary ? frame.Payload : frame.Payload[1..], frame.IsBinary);
        Assert.NotNull(again);
        Assert.Equal(Wire.Describe(packet), Wire.Describe(again));
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
