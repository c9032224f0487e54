using System.Globalization;
using OrleansRooms.Protocol.SocketIO;
using Xunit.Abstractions;

namespace OrleansRooms.MessagePack.Tests;

/// <summary>
/// Throws mutated messages at the decoder. The seed is fixed, so a run can be repeated; <c>ORLEANSROOMS_FUZZ_SEED</c> and
/// <c>ORLEANSROOMS_FUZZ_ROUNDS</c> make a longer hunt of it.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly byte[][] Corpus =
        [.. MessagePackPacketParserTests.FromJavaScript.Select(row => Convert.FromHexString((string)row[0]))];

    private static readonly byte[][] Tokens =
    [
        [0xc0], [0xc1], [0xd4, 0, 0], [0xd4, 1, 0], [0xd7, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0xc4, 1, 7], [0xc7, 1, 0, 7], [0xdd, 0xff, 0xff, 0xff, 0xff],
        [0xdf, 0x7f, 0xff, 0xff, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff], [0xc9, 0xff, 0xff, 0xff, 0xff, 0], [0x80], [0x90], [0x81], [0x91], [0xff],
        [0xd6, 0xff, 0, 0, 0, 0], [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xca, 0x7f, 0xc0, 0, 0],
        [0x82, 0xac, .. "_placeholder"u8, 0xc3, 0xa3, .. "num"u8, 0], [0xa4, .. "type"u8, 2], [0xa4, .. "data"u8, 0x91, 0xa1, 0x61],
    ];

    [Fact]
    public void Decoder_MutatedMessages_RefusesThemOrGivesSoundPackets()
    {
        var seed = ReadSetting("ORLEANSROOMS_FUZZ_SEED", 20240229);
        var rounds = ReadSetting("ORLEANSROOMS_FUZZ_ROUNDS", 60_000);
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var random = new Random(seed);
        var accepted = 0;
        var refused = 0;

        for (var round = 0; round < rounds; round++)
        {
            var message = Mutate(random, Corpus[random.Next(Corpus.Length)]);
            try
            {
                AssertSound(Wire.Decode(message));
                accepted++;
            }
            catch (PacketFormatException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(message)}", exception);
            }
        }

        output.WriteLine($"{accepted} accepted, {refused} refused");
        Assert.True(accepted > rounds / 20, "Nearly everything is refused: the mutations test nothing.");
        Assert.True(refused > rounds / 20, "Nearly everything is accepted: the mutations test nothing.");
    }

    // What was let in is a packet that clients of either parser understand.
    private static void AssertSound(Packet packet)
    {
        Assert.Equal(packet.Attachments.Count > 0, packet.Type is PacketType.BinaryEvent or PacketType.BinaryAck);
        Assert.Equal(Wire.Describe(packet), Wire.Describe(Wire.Decode(Wire.Encode(packet))));

        var parser = new JsonPacketParser();
        var decoder = parser.CreateDecoder();
        if (packet.Namespace.Contains(',', StringComparison.Ordinal)) return; // JSON clients cannot join such a namespace at all.
        Packet? again = null;
        foreach (var frame in parser.Encode(packet))
            again = decoder.Add(frame.IsBinary ? frame.Payload : frame.Payload[1..], frame.IsBinary);
        Assert.NotNull(again);
        Assert.Equal(Wire.Describe(packet), Wire.Describe(again));
    }

    private static int ReadSetting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;

    private static byte[] Mutate(Random random, byte[] message)
    {
        var bytes = new List<byte>(message);
        for (var count = random.Next(4); count > 0; count--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 3 when at < bytes.Count:
                    var token = Tokens[random.Next(Tokens.Length)];
                    bytes.RemoveAt(at);
                    bytes.InsertRange(at, token);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(20), bytes.Count - at)));
                    break;
                default:
                    var other = Corpus[random.Next(Corpus.Length)];
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                    break;
            }
        }

        return [.. bytes];
    }
}
