using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using CsCheck;
using OrleansRooms.EngineIO.Transports;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class MessageReaderTests
{
    private const int Limit = 1_000;

    private static readonly Gen<(ClientMessageKind Kind, string Text)> Message = Gen.Select(
        Gen.Int[(int)ClientMessageKind.Text, (int)ClientMessageKind.Pong].Select(kind => (ClientMessageKind)kind),
        Gen.String[Gen.Char['a', 'ż'], 0, 60]);

    [Fact]
    public void TryRead_OfMessagesInAnyPieces_GivesThemInOrder() =>
        Gen.Select(Message.Array[0, 8], Gen.Int, Gen.Int[1, 40]).Sample((messages, seed, longest) =>
        {
            var random = new Random(seed);
            var bytes = messages.SelectMany(message => Frames(message.Kind, Encoding.UTF8.GetBytes(message.Text), random)).ToArray();

            var read = Read(new MessageReader(Limit), Cut(bytes, random, longest));

            Assert.Equal(messages, read.Select(message => (message.Kind, Encoding.UTF8.GetString(message.Payload))));
        });

    [Fact]
    public void TryRead_OfDamagedBytes_NeverThrowsAnythingElse() =>
        Gen.Select(Message.Array[1, 8], Gen.Int, Gen.Int[1, 40]).Sample((messages, seed, longest) =>
        {
            var random = new Random(seed);
            var bytes = messages.SelectMany(message => Frames(message.Kind, Encoding.UTF8.GetBytes(message.Text), random)).ToArray();
            for (var i = 0; i < 3; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            var reader = new MessageReader(Limit);
            try
            {
                Assert.All(Read(reader, Cut(bytes, random, longest)), message => Assert.InRange(message.Payload.Length, 0, Limit));
            }
            catch (ClientMessageException broken)
            {
                Assert.True(broken.Status is WebSocketCloseStatus.ProtocolError or WebSocketCloseStatus.InvalidPayloadData);
            }
        });

    [Fact]
    public void TryRead_OfAControlFrameBetweenPieces_GivesItFirst()
    {
        byte[] bytes = [.. Frame(0x01, "one "u8), .. Frame(0x89, "now"u8), .. Frame(0x00, "two "u8), .. Frame(0x80, "three"u8)];

        var read = Read(new MessageReader(Limit), [bytes]);

        Assert.Equal(["now", "one two three"], read.Select(message => Encoding.UTF8.GetString(message.Payload)));
    }

    [Theory]
    [InlineData(new byte[] { 0xc1, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // A reserved bit.
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // No such frame.
    [InlineData(new byte[] { 0x8b, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // No such control frame.
    [InlineData(new byte[] { 0x81, 0x01, (byte)'2' }, WebSocketCloseStatus.ProtocolError)] // Not masked.
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // Continues nothing.
    [InlineData(new byte[] { 0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // Two at once.
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // A ping in pieces.
    [InlineData(new byte[] { 0x89, 0xfe, 0, 126, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // A ping too long.
    [InlineData(new byte[] { 0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, WebSocketCloseStatus.ProtocolError)] // A negative length.
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 3 }, WebSocketCloseStatus.ProtocolError)] // Half a status.
    [InlineData(new byte[] { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed }, WebSocketCloseStatus.ProtocolError)] // 1005.
    [InlineData(new byte[] { 0x88, 0x83, 0, 0, 0, 0, 0x03, 0xe8, 0xff }, WebSocketCloseStatus.InvalidPayloadData)] // No reason.
    [InlineData(new byte[] { 0x81, 0x81, 0, 0, 0, 0, 0xff }, WebSocketCloseStatus.InvalidPayloadData)] // No text.
    public void TryRead_OfWhatMayNotCome_Throws(byte[] bytes, WebSocketCloseStatus status)
    {
        var broken = Assert.Throws<ClientMessageException>(() => Read(new MessageReader(Limit), [bytes]));

        Assert.Equal(status, broken.Status);
    }

    [Theory]
    [InlineData(new byte[] { 0x88, 0x80, 1, 2, 3, 4 }, WebSocketCloseStatus.Empty)]
    [InlineData(new byte[] { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9 }, WebSocketCloseStatus.EndpointUnavailable)]
    [InlineData(new byte[] { 0x88, 0x84, 0, 0, 0, 0, 0x0f, 0xa0, (byte)'o', (byte)'k' }, (WebSocketCloseStatus)4000)]
    public void TryRead_OfAClose_TellsItsStatus(byte[] bytes, WebSocketCloseStatus status)
    {
        var rest = new ReadOnlySequence<byte>(bytes);

        Assert.True(new MessageReader(Limit).TryRead(ref rest, out var message));
        Assert.Equal((ClientMessageKind.Close, status), (message.Kind, message.Status));
    }

    [Fact]
    public void TryRead_BeyondTheLimit_SaysSoBeforeItHasCome_AndKeepsOnlyTheClose()
    {
        byte[] bytes =
        [
            .. Frame(0x01, new byte[600]), .. Frame(0x80, new byte[Limit - 600 + 1]), .. Frame(0x81, "more"u8), .. Frame(0x81, [0xff]),
            .. Frame(0x88, []),
        ];

        var reader = new MessageReader(Limit);
        Assert.Equal([ClientMessageKind.TooBig, ClientMessageKind.Close], Read(reader, [bytes]).Select(message => message.Kind));
        Assert.Equal([ClientMessageKind.TooBig], Read(new MessageReader(Limit), [bytes[..(600 + 8 + 8)]]).Select(message => message.Kind));
    }

    [Fact]
    public void TryRead_OfAPieceAsLongAsNumbersGo_IsBeyondTheLimit()
    {
        byte[] bytes = [.. Frame(0x01, "one "u8), 0x00, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4];

        Assert.Equal([ClientMessageKind.TooBig], Read(new MessageReader(Limit), [bytes]).Select(message => message.Kind));
    }

    [Fact]
    public void TryRead_AsLongAsTheLimit_GivesTheMessage() =>
        Assert.Equal(Limit, Assert.Single(Read(new MessageReader(Limit), [Frame(0x82, new byte[Limit])])).Payload.Length);

    [Fact]
    public void Discard_SkipsEverythingButControlFrames()
    {
        var reader = new MessageReader(Limit);
        reader.Discard();

        byte[] bytes = [.. Frame(0x81, "text"u8), .. Frame(0x82, new byte[5_000]), .. Frame(0x89, []), .. Frame(0x88, [])];

        Assert.Equal([ClientMessageKind.Ping, ClientMessageKind.Close], Read(reader, [bytes]).Select(message => message.Kind));
    }

    private static List<(ClientMessageKind Kind, byte[] Payload)> Read(MessageReader reader, IEnumerable<byte[]> pieces)
    {
        List<(ClientMessageKind, byte[])> messages = [];
        byte[] rest = [];
        foreach (var piece in pieces)
        {
            // What was left over and what came since, as a pipe gives them.
            var bytes = Segment.Join(rest, piece);
            while (reader.TryRead(ref bytes, out var message)) messages.Add((message.Kind, message.Payload.ToArray()));
            rest = bytes.ToArray();
        }

        return messages;
    }

    private static IEnumerable<byte[]> Cut(byte[] bytes, Random random, int longest)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, longest + 1), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    /// <summary>A message in one or several frames, each with a mask of its own.</summary>
    private static byte[] Frames(ClientMessageKind kind, byte[] payload, Random random)
    {
        if (kind is ClientMessageKind.Ping or ClientMessageKind.Pong)
        {
            return Frame((byte)(kind == ClientMessageKind.Ping ? 0x89 : 0x8a), payload, random.Next());
        }

        var opcode = (byte)(kind == ClientMessageKind.Text ? 0x01 : 0x02);
        var cut = random.Next(payload.Length + 1);
        return random.Next(2) == 0
            ? Frame((byte)(0x80 | opcode), payload, random.Next())
            : [.. Frame(opcode, payload.AsSpan(0, cut), random.Next()), .. Frame(0x80, payload.AsSpan(cut), random.Next())];
    }

    private static byte[] Frame(byte head, ReadOnlySpan<byte> payload, int mask = 0)
    {
        byte[] key = [(byte)mask, (byte)(mask >> 8), (byte)(mask >> 16), (byte)(mask >> 24)];
        byte[] length = payload.Length <= 125
            ? [(byte)(0x80 | payload.Length)]
            : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] frame = [head, .. length, .. key, .. payload];
        for (var i = 0; i < payload.Length; i++) frame[^(payload.Length - i)] ^= key[i % 4];
        return frame;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(byte[] first, byte[] second)
        {
            var start = new Segment { Memory = first };
            var end = new Segment { Memory = second, RunningIndex = first.Length };
            start.Next = end;
            return new ReadOnlySequence<byte>(start, 0, end, second.Length);
        }
    }
}
