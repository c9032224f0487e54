using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class PacketSerializerTests
{
    private static readonly PacketSerializer Serializer = new();

    public static TheoryData<object?, string> JavaScriptForms => new()
    {
        { null, "null" },
        { true, "true" },
        { 0, "0" },
        { 1.5, "1.5" },
        { double.NaN, "null" },
        { double.NegativeInfinity, "null" },
        { float.PositiveInfinity, "null" },
        { new double[] { 1, double.NaN }, "[1,null]" },
        { new { A = (double?)double.NaN }, "{\"a\":null}" },
        { "", "\"\"" },
        { "é😀<>&'+", "\"é😀<>&'+\"" },
        { "\"\\/\u0001\n", "\"\\\"\\\\/\\u0001\\n\"" },
        { "a\ud83d", "\"a\\ud83d\"" },
        { "\udc00b\ud83d\ude00\ud800", "\"\\udc00b😀\\ud800\"" },
        { new { Text = "\ud800" }, "{\"text\":\"\\ud800\"}" },
        { DateTime.UnixEpoch, "\"1970-01-01T00:00:00.000Z\"" },
        { new DateTime(2024, 2, 29, 1, 2, 3, 456, DateTimeKind.Unspecified), "\"2024-02-29T01:02:03.456Z\"" },
        { new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2)), "\"2024-02-28T23:02:03.000Z\"" },
        { new { B = 1, A = new { X = (DateTime?)DateTime.UnixEpoch } }, "{\"b\":1,\"a\":{\"x\":\"1970-01-01T00:00:00.000Z\"}}" },
        { new Dictionary<string, object?> { ["Key"] = 1, ["b"] = null }, "{\"Key\":1,\"b\":null}" },
        {
            JsonDocument.Parse("{\"n\":1.50,\"big\":12345678901234567890123,\"e\":1E+2}").RootElement,
            "{\"n\":1.50,\"big\":12345678901234567890123,\"e\":1E+2}"
        },
        { RawArgument.Parse("[1.0, 2]"u8.ToArray()), "[1.0, 2]" },
        { default(RawArgument), "null" },
        { default(JsonElement), "null" },
    };

    [Theory]
    [MemberData(nameof(JavaScriptForms))]
    public void Event_Value_IsWrittenAsJavaScriptWritesIt(object? value, string json)
    {
        Assert.Equal($"42[\"e\",{json}]", Wire.Encode(Serializer.Event("/", "e", [value])));
    }

    // Facts rather than theories: test runners pass strings on in UTF-8, which cannot hold half a surrogate pair.
    private static readonly (string Name, string Json)[] EventNames =
    [
        ("plain", "plain"),
        ("quote\"", "quote\\\""),
        ("\ud800", "\\ud800"),
        ("connect", "connect"),
    ];

    private static readonly (string Text, string Name)[] EventNamesOnTheWire =
    [
        ("2[42,1]", "42"),
        ("2[\"\\u0061\\ud83d\\ude00\\n\"]", "a😀\n"),
        ("2[\"\\ud83d\"]", "\ud83d"),
        ("2[\"x\\\\ud800\\\"\\/\\b\\f\\r\\t\\uD800é\"]", "x\\ud800\"/\b\f\r\t\ud800é"),
    ];

    [Fact]
    public void Event_Name_IsWrittenAsJson()
    {
        foreach (var (name, json) in EventNames)
        {
            Assert.Equal($"42/a,3[\"{json}\"]", Wire.Encode(Serializer.Event("/a", name, [], ackId: 3)));
        }
    }

    // What a handler got as JsonElement it will often send on; half a surrogate pair in it is the client's doing.
    [Fact]
    public void Event_LoneSurrogatesAnywhere_AreSentOn()
    {
        const string Json = "{\"\\ud800\":[\"a\\udc00\",\"\\u0061\"]}";
        var arguments = Serializer.Read(Wire.Decode($"2[\"e\",{Json}]"));
        var values = new object?[]
        {
            arguments.Get<JsonElement>(0), arguments.Get<JsonDocument>(0), arguments.Get<object>(0),
            new Dictionary<string, string> { ["\ud800"] = "\ud800" },
        };
        foreach (var value in values)
        {
            var received = Wire.Decode(Wire.Encode(Serializer.Event("/", "e", [value]))[1..]);
            Assert.Equal(1, Serializer.Read(received).Count);
        }

        // Needless escapes go, as where there is no half.
        Assert.Equal(
            "42[\"e\",{\"\\ud800\":[\"a\\udc00\",\"a\"]}]", Wire.Encode(Serializer.Event("/", "e", [arguments.Get<JsonElement>(0)])));
    }

    [Fact]
    public void Event_BuffersAtAnyDepth_BecomeAttachmentsInOrder()
    {
        var packet = Serializer.Event("/", "e",
        [
            new byte[] { 1 },
            new { A = new Memory<byte>([2]), B = new object[] { new ReadOnlyMemory<byte>([3]), 7 } },
            new Dictionary<string, object> { ["s"] = new ArraySegment<byte>([0, 4, 0], 1, 1), ["q"] = new ReadOnlySequence<byte>([5]) },
        ]);

        Assert.Equal(
            "455-[\"e\",{\"_placeholder\":true,\"num\":0},{\"a\":{\"_placeholder\":true,\"num\":1},"
            + "\"b\":[{\"_placeholder\":true,\"num\":2},7]},"
            + "{\"s\":{\"_placeholder\":true,\"num\":3},\"q\":{\"_placeholder\":true,\"num\":4}}] <01> <02> <03> <04> <05>",
            Wire.Encode(packet));
    }

    [Fact]
    public void Event_BufferChangedAfterwards_LeavesThePacketAlone()
    {
        var bytes = new byte[] { 1, 2 };
        var packet = Serializer.Event("/", "e", [bytes]);
        bytes[0] = 9;
        Assert.Equal([1, 2], packet.Attachments[0].ToArray());
    }

    [Fact]
    public void Ack_WithBuffer_IsABinaryAck()
    {
        Assert.Equal("461-7[{\"_placeholder\":true,\"num\":0}] <FF>", Wire.Encode(Serializer.Ack("/", 7, [new byte[] { 0xff }])));
        Assert.Equal("437[]", Wire.Encode(Serializer.Ack("/", 7, [])));
    }

    [Fact]
    public void Event_MoreAttachmentsThanAllowed_Throws()
    {
        var buffers = Enumerable.Repeat(new byte[1], 11).ToArray();
        Assert.Throws<ArgumentException>(() => Serializer.Event("/", "e", [buffers]));
        Assert.Equal(11, new PacketSerializer(maxAttachments: 11).Event("/", "e", [buffers]).Attachments.Count);
    }

    [Fact]
    public void Event_ObjectThatLooksLikeAPlaceholder_IsRefusedOnlyBesideAttachments()
    {
        var lookalike = new Dictionary<string, object> { ["_placeholder"] = true, ["num"] = 0 };
        Assert.Equal("42[\"e\",{\"_placeholder\":true,\"num\":0}]", Wire.Encode(Serializer.Event("/", "e", [lookalike])));
        Assert.Throws<ArgumentException>(() => Serializer.Event("/", "e", [lookalike, new byte[1]]));
    }

    [Fact]
    public void Event_ValueThatContainsItself_ThrowsAndLeavesTheNextOneAlone()
    {
        var loop = new List<object> { new byte[1] };
        loop.Add(loop);
        Assert.Throws<JsonException>(() => Serializer.Event("/", "e", [loop]));
        Assert.Equal("42[\"e\",1]", Wire.Encode(Serializer.Event("/", "e", [1])));
    }

    [Theory]
    [InlineData(PacketType.Connect, "40{\"sid\":\"x\"}")]
    [InlineData(PacketType.ConnectError, "44{\"sid\":\"x\"}")]
    public void Create_WithPayload_WritesIt(PacketType type, string frame)
    {
        Assert.Equal(frame, Wire.Encode(Serializer.Create(type, "/", new { Sid = "x" })));
    }

    [Fact]
    public void Create_WithoutPayload_HasNone()
    {
        Assert.Equal("41/a,", Wire.Encode(Serializer.Create(PacketType.Disconnect, "/a", null)));
        Assert.Throws<ArgumentException>(() => Serializer.Create(PacketType.Event, "/a", null));
    }

    [Fact]
    public void Create_WithBytes_WritesBase64BecauseThereAreNoAttachments()
    {
        var packet = Serializer.Create(PacketType.ConnectError, "/", new { Message = "no", Data = new byte[] { 1, 2, 3, 4 } });
        Assert.Equal("44{\"message\":\"no\",\"data\":\"AQIDBA==\"}", Wire.Encode(packet));
    }

    [Fact]
    public void Read_Event_FindsNameAndArguments()
    {
        var arguments = Serializer.Read(Wire.Decode("2[\"e\", 1 ,\"two\",{\"x\":[3]},null]"));
        Assert.Equal("e", arguments.EventName);
        Assert.Equal(4, arguments.Count);
        Assert.Equal(1, arguments.Get<int>(0));
        Assert.Equal("two", arguments.Get<string>(1));
        Assert.Equal([3], arguments.Get<Dictionary<string, int[]>>(2)!["x"]);
        Assert.Null(arguments.Get<string>(3));
        Assert.Equal("{\"x\":[3]}", arguments[2].ToString());
    }

    [Fact]
    public void Read_ArgumentThatIsNotThere_IsTheDefault()
    {
        var arguments = Serializer.Read(Wire.Decode("3[]"));
        Assert.Equal(0, arguments.Count);
        Assert.Equal(0, arguments.Get<int>(0));
        foreach (var (type, value) in new (Type, object?)[] { (typeof(int), 0), (typeof(string), null), (typeof(int?), null) })
        {
            Assert.Equal(value, arguments.Get(0, type));
        }

        Assert.Null(arguments.Get<string>(7));
        Assert.Null(arguments.Get<string>(-1));
        Assert.True(arguments[0].Json.IsEmpty);
    }

    [Fact]
    public void Read_AckWithoutPayload_HasNoArguments() => Assert.Equal(0, Serializer.Read(Wire.Decode("3")).Count);

    [Fact]
    public void Read_EventName_IsItsText()
    {
        foreach (var (text, name) in EventNamesOnTheWire) Assert.Equal(name, Serializer.Read(Wire.Decode(text)).EventName);
    }

    [Fact]
    public void Get_LoneSurrogates_AreKept()
    {
        var arguments = Serializer.Read(Wire.Decode("2[\"e\",\"a\\ud83d\",{\"text\":\"\\udc00\"},{\"\\ud800\":1}]"));
        Assert.Equal("a\ud83d", arguments.Get<string>(0));
        Assert.Equal("\udc00", arguments.Get<Note>(1)!.Text);
        Assert.Throws<JsonException>(() => arguments.Get<Dictionary<string, int>>(2));
    }

    [Fact]
    public void Get_Attachments_AtAnyDepthAndAsAnyBuffer()
    {
        var arguments = Serializer.Read(Wire.Decode(
            "53-[\"e\",{\"_placeholder\":true,\"num\":1},{\"list\":[{\"num\":0,\"_placeholder\":true}]},{\"_placeholder\":true,\"num\":2}]",
            [1], [2], [3]));
        Assert.Equal([2], arguments.Get<byte[]>(0));
        Assert.Equal([2], arguments.Get<ReadOnlyMemory<byte>>(0).ToArray());
        Assert.Equal([2], arguments.Get<Memory<byte>>(0).ToArray());
        Assert.Equal([2], arguments.Get<ArraySegment<byte>>(0).ToArray());
        Assert.Equal([2], arguments.Get<ReadOnlySequence<byte>>(0).ToArray());
        Assert.Equal([2], arguments.Get<ReadOnlyMemory<byte>?>(0)!.Value.ToArray());
        Assert.Equal([2], Assert.IsType<byte[]>(arguments.Get<object>(0)));
        Assert.Equal([1], arguments.Get<Dictionary<string, byte[][]>>(1)!["list"][0]);
        Assert.Equal([1], Assert.IsType<byte[]>(arguments.Get<Dictionary<string, object[]>>(1)!["list"][0]));
        foreach (var type in new[] { typeof(object), typeof(byte[]) })
        {
            Assert.Equal([3], Assert.IsType<byte[]>(arguments.Get(2, type)));
        }

        Assert.IsType<JsonElement>(arguments.Get<object>(1));
    }

    [Fact]
    public void Get_ByteArray_IsACopyThatCannotChangeThePacket()
    {
        var packet = Wire.Decode("51-[\"e\",{\"_placeholder\":true,\"num\":0}]", [1]);
        Serializer.Read(packet).Get<byte[]>(0)![0] = 9;
        Assert.Equal([1], packet.Attachments[0].ToArray());
    }

    [Theory]
    [InlineData("2[\"e\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("2[\"e\",{}]")]
    [InlineData("2[\"e\",[1]]")]
    [InlineData("2[\"e\",1]")]
    [InlineData("2[\"e\",\"no base64!\"]")]
    public void Get_BytesWhereNoneAre_Throws(string text)
    {
        Assert.Throws<JsonException>(() => Serializer.Read(Wire.Decode(text)).Get<byte[]>(0));
    }

    [Theory]
    [InlineData("2[\"e\",1]")]
    [InlineData("2[\"e\",\"a\"]")]
    [InlineData("2[\"e\",[]]")]
    public void Get_AnotherType_Throws(string text)
    {
        Assert.Throws<JsonException>(() => Serializer.Read(Wire.Decode(text)).Get<Note>(0));
    }

    [Fact]
    public void Get_WebDefaults_MatchNamesWithoutCaseAndReadNumbersFromStrings()
    {
        var arguments = Serializer.Read(Wire.Decode("2[\"e\",{\"TEXT\":\"a\"},\"12.5\",\"1970-01-01T00:00:00.000Z\"]"));
        Assert.Equal("a", arguments.Get<Note>(0)!.Text);
        Assert.Equal(12.5, arguments.Get<double>(1));
        Assert.Equal(DateTime.UnixEpoch, arguments.Get<DateTime>(2));
        Assert.Equal(DateTimeKind.Utc, arguments.Get<DateTime>(2).Kind);
    }

    [Fact]
    public void RawArgument_Echoed_IsTheSameBytesWithItsAttachmentsRenumbered()
    {
        var arguments = Serializer.Read(Wire.Decode(
            "53-[\"e\",{\"n\":1.50,\"b\":[{\"_placeholder\":true,\"num\":2}]},{\"_placeholder\":true,\"num\":0}, \"\\u0061\"]",
            [10], [11], [12]));

        var packet = Serializer.Event("/", "back", [new byte[] { 9 }, arguments[0], new { Again = arguments[1] }, arguments[2]]);

        Assert.Equal(
            "453-[\"back\",{\"_placeholder\":true,\"num\":0},{\"n\":1.50,\"b\":[{\"_placeholder\":true,\"num\":1}]},"
            + "{\"again\":{\"_placeholder\":true,\"num\":2}},\"\\u0061\"] <09> <0C> <0A>",
            Wire.Encode(packet));
    }

    [Fact]
    public void RawArgument_InsideATarget_KeepsJsonAndAttachments()
    {
        var arguments = Serializer.Read(Wire.Decode("51-[\"e\",{\"Data\":[1.0,{\"_placeholder\":true,\"num\":0}]}]", [7]));
        var data = arguments.Get<Dictionary<string, RawArgument>>(0)!["Data"];
        Assert.Equal("461-0[[1.0,{\"_placeholder\":true,\"num\":0}]] <07>", Wire.Encode(Serializer.Ack("/", 0, [data])));
    }

    [Fact]
    public void RawArgument_Parse_RefusesWhatIsNotOneValue()
    {
        foreach (var text in new[] { "", "1 2", "{", "[1,]", "\"\u0001\"" })
        {
            Assert.Throws<PacketFormatException>(() => RawArgument.Parse(Encoding.UTF8.GetBytes(text)));
        }

        Assert.Throws<PacketFormatException>(() => RawArgument.Parse(new byte[] { (byte)'"', 0xff, (byte)'"' }));
    }

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("-0.0", 0)]
    [InlineData("2e2", 200)]
    [InlineData("1E+1", 10)]
    [InlineData("2147483647.000", int.MaxValue)]
    public void Deserialize_WholeNumber_IsAnIntegerHoweverItIsWritten(string json, int expected)
    {
        var argument = RawArgument.Parse(Encoding.UTF8.GetBytes(json));
        var list = RawArgument.Parse(Encoding.UTF8.GetBytes($$"""[{"n":{{json}},"text":"e"},null]"""));

        Assert.Equal(expected, Serializer.Deserialize<int>(argument));
        Assert.Equal(expected, Serializer.Deserialize<long?>(argument));
        Assert.Equal(expected, Serializer.Deserialize(argument, expected.GetType()));
        Assert.Equal(new Counted(expected, "e"), Serializer.Deserialize<Counted[]>(list)![0]);
    }

    [Fact]
    public void Deserialize_WholeNumber_OfEachIntegerType()
    {
        var argument = RawArgument.Parse("7.0"u8.ToArray());

        Assert.Equal(
            [(byte)7, (sbyte)7, (short)7, (ushort)7, 7, 7u, 7L, 7ul],
            new[] { typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong) }
                .Select(type => Serializer.Deserialize(argument, type)));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("2147483648.0")]
    [InlineData("1e10")]
    [InlineData("1e400")]
    [InlineData("\"1.0\"")]
    [InlineData("[1.0]")]
    public void Deserialize_WhatIsNoInteger_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => Serializer.Deserialize<int>(RawArgument.Parse(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Constructor_OptionsOfTheUser_AreCopiedAndComeFirst()
    {
        var options = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        var serializer = new PacketSerializer(options);
        options.PropertyNamingPolicy = null;
        Assert.Equal(
            "42[\"e\",{\"long_name\":\"1970-01-01T00:00:00.000Z\"}]",
            Wire.Encode(serializer.Event("/", "e", [new { LongName = DateTime.UnixEpoch }])));
        Assert.Empty(options.Converters);
    }

    [Fact]
    public void Read_PayloadOfConnect_IsTheAuthData()
    {
        var packet = Wire.Decode("0/a,{\"token\":\"x\"}");
        Assert.Equal("x", Serializer.Deserialize<JsonElement>(PacketSerializer.ReadPayload(packet)).GetProperty("token").GetString());
        Assert.Equal(
            JsonValueKind.Undefined, Serializer.Deserialize<JsonElement>(PacketSerializer.ReadPayload(Wire.Decode("0"))).ValueKind);
        Assert.Throws<PacketFormatException>(() => Serializer.Read(packet));
    }

    private sealed record Counted(long N, string Text);

    private sealed class Note
    {
        public string? Text { get; set; }
    }
}
