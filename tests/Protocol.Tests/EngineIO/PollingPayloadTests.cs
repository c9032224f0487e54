using System.Buffers;
using System.Text;
using CsCheck;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.Protocol.Tests.EngineIO;

public sealed class PollingPayloadTests
{
    [Fact]
    public void Write_TextAndBinary_JoinsWithSeparatorAndBase64()
    {
        Assert.Equal("4hello\u001ebAQIDBA==\u001e2", Write(Text("4hello"), Binary([1, 2, 3, 4]), Text("2")));
    }

    [Fact]
    public void Write_NoFrames_WritesNothing() => Assert.Equal("", Write());

    [Theory]
    [InlineData("4hello", "Message text 'hello'")]
    [InlineData("4a\u001e4b\u001e4c", "Message text 'a', Message text 'b', Message text 'c'")]
    [InlineData("4hello\u001ebAQIDBA==", "Message text 'hello', Message binary 01020304")]
    [InlineData("b", "Message binary ")]
    [InlineData("1", "Close text ''")]
    [InlineData("4€😀", "Message text '€😀'")]
    [InlineData("2probe\u001e5", "Ping text 'probe', Upgrade text ''")]
    public void Read_WellFormedBody_GivesItsPackets(string body, string packets)
    {
        Assert.Equal(packets, Read(body, out var isMalformed));
        Assert.False(isMalformed);
    }

    [Theory]
    [InlineData("bAQIDBA")]
    [InlineData("bAQIDBA=")]
    [InlineData("bAQIDBA==")]
    public void Read_Base64WithLittlePadding_GivesItsBytes(string body)
    {
        var reader = new PollingPayloadReader(Encoding.UTF8.GetBytes(body));

        Assert.True(reader.TryRead(out var packet));
        Assert.Equal([1, 2, 3, 4], packet.Data.ToArray());
    }

    [Theory]
    [InlineData("b-_-_")]
    [InlineData("b+/+/")]
    [InlineData("b-/+_")]
    public void Read_Base64OfEitherAlphabet_GivesItsBytes(string body)
    {
        var reader = new PollingPayloadReader(Encoding.UTF8.GetBytes(body));

        Assert.True(reader.TryRead(out var packet));
        Assert.Equal([0xfb, 0xff, 0xbf], packet.Data.ToArray());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("abc", "")]
    [InlineData("7", "")]
    [InlineData("-", "")]
    [InlineData("bnot base64!", "")]
    [InlineData("bAQIDB", "")]
    [InlineData("b-_+/A", "")]
    [InlineData("4a\u001e", "Message text 'a'")]
    [InlineData("4a\u001e\u001e4b", "Message text 'a'")]
    [InlineData("4a\u001e4b\u001exyz\u001e4c", "Message text 'a', Message text 'b'")]
    public void Read_BrokenPacket_StopsThereAndKeepsTheEarlierOnes(string body, string packets)
    {
        Assert.Equal(packets, Read(body, out var isMalformed));
        Assert.True(isMalformed);
    }

    [Fact]
    public void Read_AfterTheEnd_StaysAtTheEnd()
    {
        var reader = new PollingPayloadReader("x"u8.ToArray());
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void WriteThenRead_AnyFrames_GivesThemBackInTheAnnouncedSize()
    {
        Frames.Sample(frames =>
        {
            var output = new ArrayBufferWriter<byte>();
            PollingPayload.Write(output, frames);
            Assert.Equal(PollingPayload.GetSize(frames), output.WrittenCount);

            var reader = new PollingPayloadReader(output.WrittenMemory.ToArray());
            foreach (var frame in frames)
            {
                Assert.True(reader.TryRead(out var packet));
                Assert.Equal(frame.IsBinary, packet.IsBinary);
                var expected = frame.IsBinary ? frame.Payload : frame.Payload[1..];
                Assert.Equal(expected.ToArray(), packet.Data.ToArray());
            }

            Assert.False(reader.TryRead(out _));
            Assert.False(reader.IsMalformed);
        });
    }

    [Fact]
    public void Read_AnyBytes_NeverThrowsAndNeverRunsOn()
    {
        Gen.Byte.Array[0, 60].Sample(body =>
        {
            var reader = new PollingPayloadReader(body);
            var count = 0;
            while (reader.TryRead(out _)) count++;
            Assert.InRange(count, 0, body.Length + 1);
        });
    }

    [Fact]
    public void ToText_Binary_IsMarkerAndBase64()
    {
        var text = PollingPayload.ToText(Binary([1, 2, 3, 4]));
        Assert.False(text.IsBinary);
        Assert.Equal("bAQIDBA==", Encoding.UTF8.GetString(text.Payload.Span));
    }

    [Fact]
    public void ToText_Text_IsTheSameFrame()
    {
        var frame = Text("4a");
        Assert.Same(frame, PollingPayload.ToText(frame));
    }

    [Fact]
    public void TryRead_BinaryMessage_IsItsBareBytes()
    {
        Assert.True(EngineIOPacket.TryRead(new byte[] { 0x34, 1 }, isBinary: true, out var packet));
        Assert.Equal(EngineIOPacketType.Message, packet.Type);
        Assert.True(packet.IsBinary);
        Assert.Equal([0x34, 1], packet.Data.ToArray());
    }

    [Fact]
    public void TryRead_EmptyBinaryMessage_IsAMessage()
    {
        Assert.True(EngineIOPacket.TryRead(ReadOnlyMemory<byte>.Empty, isBinary: true, out var packet));
        Assert.True(packet.Data.IsEmpty);
    }

    private static readonly Gen<EngineIOFrame[]> Frames =
        Gen.OneOf(
            Gen.String[Gen.Char.Where(c => c != '\u001e' && !char.IsSurrogate(c)), 0, 20].Select(text => Text("4" + text)),
            Gen.Byte.Array[0, 8000].Select(Binary))
        .Array[1, 6];

    private static EngineIOFrame Text(string text) => new(Encoding.UTF8.GetBytes(text), isBinary: false);

    private static EngineIOFrame Binary(byte[] bytes) => new(bytes, isBinary: true);

    private static string Write(params EngineIOFrame[] frames)
    {
        var output = new ArrayBufferWriter<byte>();
        PollingPayload.Write(output, frames);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Read(string body, out bool isMalformed)
    {
        var reader = new PollingPayloadReader(Encoding.UTF8.GetBytes(body));
        var packets = new List<string>();
        while (reader.TryRead(out var packet))
        {
            packets.Add(packet.IsBinary
                ? $"{packet.Type} binary {Convert.ToHexString(packet.Data.Span)}"
                : $"{packet.Type} text '{Encoding.UTF8.GetString(packet.Data.Span)}'");
        }

        isMalformed = reader.IsMalformed;
        return string.Join(", ", packets);
    }
}
