using System.Text;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class JsonPacketParserTests
{
    [Theory]
    [InlineData("0", "Connect /")]
    [InlineData("0{\"token\":\"a\"}", "Connect / {\"token\":\"a\"}")]
    [InlineData("0/custom,", "Connect /custom")]
    [InlineData("0/custom", "Connect /custom")]
    [InlineData("0/custom,{\"token\":\"a\"}", "Connect /custom {\"token\":\"a\"}")]
    [InlineData("0/admin?x=1,", "Connect /admin?x=1")]
    [InlineData("1", "Disconnect /")]
    [InlineData("1/custom", "Disconnect /custom")]
    [InlineData("1/custom,", "Disconnect /custom")]
    [InlineData("2[\"message\",1,\"2\",{\"3\":[true]}]", "Event / [\"message\",1,\"2\",{\"3\":[true]}]")]
    [InlineData("2456[\"message-with-ack\",1]", "Event / #456 [\"message-with-ack\",1]")]
    [InlineData("2/chat,0[\"a\"]", "Event /chat #0 [\"a\"]")]
    [InlineData("2007[\"a\"]", "Event / #7 [\"a\"]")]
    [InlineData("29223372036854775807[\"a\"]", "Event / #9223372036854775807 [\"a\"]")]
    [InlineData("2[1]", "Event / [1]")]
    [InlineData("2[-1.5e3,2]", "Event / [-1.5e3,2]")]
    [InlineData("2[\"error\"]", "Event / [\"error\"]")]
    [InlineData("2[\"Connect\"]", "Event / [\"Connect\"]")]
    [InlineData("2[\"\"]", "Event / [\"\"]")]
    [InlineData("2[\"\\ud800\"]", "Event / [\"\\ud800\"]")]
    [InlineData("2[\"a\",{\"_placeholder\":true,\"num\":7}]", "Event / [\"a\",{\"_placeholder\":true,\"num\":7}]")]
    [InlineData("3[]", "Ack / []")]
    [InlineData("3456[1,\"2\"]", "Ack / #456 [1,\"2\"]")]
    [InlineData("3", "Ack /")]
    [InlineData("4\"no\"", "ConnectError / \"no\"")]
    [InlineData("4/a,{\"message\":\"no\"}", "ConnectError /a {\"message\":\"no\"}")]
    public void Decode_LegalText_GivesThePacket(string text, string packet)
    {
        Assert.Equal(packet, PacketText.Describe(Wire.Decode(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abc")]
    [InlineData("7")]
    [InlineData("9[\"a\"]")]
    [InlineData("-1")]
    [InlineData("0[]")]
    [InlineData("0\"a\"")]
    [InlineData("0null")]
    [InlineData("0{")]
    [InlineData("0 ")]
    [InlineData("1{}")]
    [InlineData("1/a,[]")]
    [InlineData("2")]
    [InlineData("2{}")]
    [InlineData("2\"a\"")]
    [InlineData("2abc[\"a\"]")]
    [InlineData("2[]")]
    [InlineData("2[[]]")]
    [InlineData("2[null]")]
    [InlineData("2[true]")]
    [InlineData("2[{}]")]
    [InlineData("2[\"connect\"]")]
    [InlineData("2[\"connect_error\",1]")]
    [InlineData("2[\"disconnect\"]")]
    [InlineData("2[\"disconnecting\"]")]
    [InlineData("2[\"newListener\"]")]
    [InlineData("2[\"removeListener\"]")]
    [InlineData("2[\"\\u0063onnect\"]")]
    [InlineData("2[\"a\"")]
    [InlineData("2[\"a\"]]")]
    [InlineData("2[\"a\",]")]
    [InlineData("2[\"a\"]x")]
    [InlineData("2[\"a\"/**/]")]
    [InlineData("2[\"a\",01]")]
    [InlineData("2[\"a\",NaN]")]
    [InlineData("2-1[\"a\"]")]
    [InlineData("2+1[\"a\"]")]
    [InlineData("21.5[\"a\"]")]
    [InlineData("29223372036854775808[\"a\"]")]
    [InlineData("299999999999999999999999999999[\"a\"]")]
    [InlineData("2/chat[\"a\"]")]
    [InlineData("3{}")]
    [InlineData("3\"a\"")]
    [InlineData("4")]
    [InlineData("4[]")]
    [InlineData("41")]
    [InlineData("5")]
    [InlineData("5[\"a\"]")]
    [InlineData("5-[\"a\"]")]
    [InlineData("50-[\"a\"]")]
    [InlineData("5x-[\"a\"]")]
    [InlineData("5-1-[\"a\"]")]
    [InlineData("51.5-[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51")]
    [InlineData("51-")]
    [InlineData("51-{}")]
    [InlineData("51-[]")]
    [InlineData("511-[\"a\"]")]
    [InlineData("599999999999999999999-[\"a\"]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":1}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":-1}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0.5}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":null}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":[0]}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":99999999999}]")]
    [InlineData("51-[\"a\",{\"num\":\"splice\",\"_placeholder\":true}]")]
    [InlineData("51-[\"a\",{\"\\u005fplaceholder\":true,\"num\":3}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0,\"x\":{}}]")]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0,\"num\":1}]")]
    [InlineData("61-{\"_placeholder\":true,\"num\":0}")]
    public void Decode_IllegalText_IsRefused(string text)
    {
        Assert.Throws<PacketFormatException>(() => Add(text));
    }

    [Theory]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51-[\"a\",{\"num\":0,\"_placeholder\":true}]")]
    [InlineData("51-[\"a\",{\"deep\":[[{\"_placeholder\":true,\"num\":0}]]}]")]
    [InlineData("51-[\"a\",{\"num\":{\"x\":1}},{\"_placeholder\":false,\"num\":9},{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51-/chat,7[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("51-[\"no attachment used\"]")]
    [InlineData("501-[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("61-789[{\"_placeholder\":true,\"num\":0}]")]
    public void Decode_BinaryPacket_WaitsForItsAttachment(string text)
    {
        var packet = Wire.Decode(text, [1, 2]);
        Assert.Equal(text[0] == '5' ? PacketType.BinaryEvent : PacketType.BinaryAck, packet.Type);
        Assert.Equal([1, 2], packet.Attachments.Single().ToArray());
    }

    [Fact]
    public void Decode_SeveralAttachments_KeepsTheirOrder()
    {
        var packet = Wire.Decode("52-[\"a\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]", [1], [2]);
        Assert.Equal(
            "BinaryEvent / [\"a\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}] <01> <02>",
            PacketText.Describe(packet));
    }

    [Fact]
    public void Decode_TextWhileAttachmentsAreAwaited_IsRefused()
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        Assert.Null(decoder.Add("51-[\"a\",{\"_placeholder\":true,\"num\":0}]"u8.ToArray(), isBinary: false));
        Assert.Throws<PacketFormatException>(() => decoder.Add("2[\"a\"]"u8.ToArray(), isBinary: false));
    }

    [Fact]
    public void Decode_BinaryWithoutHeader_IsRefused()
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        Assert.Throws<PacketFormatException>(() => decoder.Add(new byte[] { 1 }, isBinary: true));
    }

    [Fact]
    public void Decode_OneAttachmentTooMany_IsRefused()
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        decoder.Add("51-[\"a\",{\"_placeholder\":true,\"num\":0}]"u8.ToArray(), isBinary: false);
        Assert.NotNull(decoder.Add(new byte[] { 1 }, isBinary: true));
        Assert.Throws<PacketFormatException>(() => decoder.Add(new byte[] { 1 }, isBinary: true));
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 11, false)]
    [InlineData(1, 2, false)]
    [InlineData(int.MaxValue, 11, true)]
    public void Decode_AttachmentCount_IsHeldAgainstTheLimit(int limit, int count, bool isLegal)
    {
        var decoder = new JsonPacketParser(new JsonPacketParserOptions { MaxAttachments = limit }).CreateDecoder();
        var text = Encoding.UTF8.GetBytes($"5{count}-[\"a\"]");
        if (isLegal)
        {
            Assert.Null(decoder.Add(text, isBinary: false));
        }
        else
        {
            Assert.Equal("too many attachments", Assert.Throws<PacketFormatException>(() => decoder.Add(text, false)).Message);
        }
    }

    [Theory]
    [InlineData(8, 8, true)]
    [InlineData(8, 9, false)]
    [InlineData(256, 10_000, false)]
    [InlineData(20_000, 10_000, true)]
    public void Decode_Nesting_IsHeldAgainstTheLimit(int limit, int levels, bool isLegal)
    {
        var inner = levels - 1;
        var arrays = $"2[\"a\",{new string('[', inner)}{new string(']', inner)}]";
        var objects = $"2[\"a\",{string.Concat(Enumerable.Repeat("{\"a\":", inner - 1))}{{}}{new string('}', inner - 1)}]";
        foreach (var text in new[] { arrays, objects, arrays.Replace("2[", "51-[", StringComparison.Ordinal) })
        {
            var decoder = new JsonPacketParser(new JsonPacketParserOptions { MaxDepth = limit }).CreateDecoder();
            var exception = Record.Exception(() => decoder.Add(Encoding.UTF8.GetBytes(text), isBinary: false));
            if (isLegal)
            {
                Assert.Null(exception);
            }
            else
            {
                Assert.IsType<PacketFormatException>(exception);
            }
        }
    }

    [Fact]
    public void Decode_InvalidUtf8_IsRefused()
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        Assert.Throws<PacketFormatException>(
            () => decoder.Add(new byte[] { (byte)'2', (byte)'[', (byte)'"', 0xc3, (byte)'"', (byte)']' }, false));
        Assert.Throws<PacketFormatException>(() => decoder.Add(new byte[] { (byte)'0', (byte)'/', 0xff }, false));
    }

    [Fact]
    public void Decode_HugeNamespaceAndHugeAckId_AreJustLongText()
    {
        var name = "/" + new string('n', 10_000_000);
        Assert.Equal(name, Add("0" + name)!.Namespace);
        Assert.Throws<PacketFormatException>(() => Add("2" + new string('9', 10_000_000) + "[\"a\"]"));
        Assert.Equal(7, Add("2" + new string('0', 1_000_000) + "7[\"a\"]")!.AckId);
    }

    [Fact]
    public void Decode_NamespacesInTurn_AreNotMixedUp()
    {
        var decoder = new JsonPacketParser().CreateDecoder();
        foreach (var name in new[] { "/a", "/a", "/", "/ab", "/é", "/a" })
        {
            var packet = decoder.Add(Encoding.UTF8.GetBytes($"2{name},[\"x\"]"), isBinary: false);
            Assert.Equal(name, packet!.Namespace);
        }
    }

    [Theory]
    [InlineData(PacketType.Connect, "/", null, "{\"sid\":\"x\"}", "40{\"sid\":\"x\"}")]
    [InlineData(PacketType.Connect, "/custom", null, "{\"sid\":\"x\"}", "40/custom,{\"sid\":\"x\"}")]
    [InlineData(PacketType.Disconnect, "/", null, "", "41")]
    [InlineData(PacketType.Disconnect, "/b", null, "", "41/b,")]
    [InlineData(PacketType.Event, "/", null, "[\"a\"]", "42[\"a\"]")]
    [InlineData(PacketType.Event, "/", 0L, "[\"a\"]", "420[\"a\"]")]
    [InlineData(PacketType.Event, "/é", long.MaxValue, "[\"a\"]", "42/é,9223372036854775807[\"a\"]")]
    [InlineData(PacketType.Ack, "/", 456L, "[]", "43456[]")]
    [InlineData(PacketType.ConnectError, "/random", null,
        "{\"message\":\"Invalid namespace\"}", "44/random,{\"message\":\"Invalid namespace\"}")]
    public void Encode_PlainPacket_IsOneTextFrame(PacketType type, string ns, long? ackId, string payload, string frame)
    {
        var packet = new Packet { Type = type, Namespace = ns, AckId = ackId, Payload = Encoding.UTF8.GetBytes(payload) };
        Assert.Equal(frame, Wire.Encode(packet));
    }

    [Fact]
    public void Encode_BinaryAck_IsTheTextFrameAndItsAttachments()
    {
        var packet = new Packet
        {
            Type = PacketType.BinaryAck,
            Namespace = "/c",
            AckId = 789,
            Payload = "[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"u8.ToArray(),
            Attachments = [new byte[] { 1, 2, 3 }, new byte[] { 4 }],
        };
        Assert.Equal("462-/c,789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}] <010203> <04>", Wire.Encode(packet));
    }

    [Theory]
    [InlineData(PacketType.Event, 1)]
    [InlineData(PacketType.BinaryEvent, 0)]
    public void Encode_TypeThatContradictsTheAttachments_Throws(PacketType type, int attachments)
    {
        var packet = new Packet
        {
            Type = type,
            Payload = "[\"a\"]"u8.ToArray(),
            Attachments = Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[1], attachments).ToArray(),
        };
        Assert.Throws<ArgumentException>(() => new JsonPacketParser().Encode(packet));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Constructor_LimitThatIsNotPositive_Throws(int maxAttachments, int maxDepth)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new JsonPacketParser(new JsonPacketParserOptions { MaxAttachments = maxAttachments, MaxDepth = maxDepth }));
    }

    private static Packet? Add(string text) =>
        new JsonPacketParser().CreateDecoder().Add(Encoding.UTF8.GetBytes(text), isBinary: false);
}
