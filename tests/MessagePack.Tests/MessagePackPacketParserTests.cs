using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.MessagePack.Tests;

/// <summary>The bytes are what socket.io-msgpack-parser 3.0.2 with notepack.io 2.2.0 writes for the packets named beside them.</summary>
public sealed class MessagePackPacketParserTests
{
    private static readonly PacketSerializer Serializer = new();

    public static TheoryData<string, string> FromJavaScript => new()
    {
        // {type:0,nsp:"/",data:undefined}: what every client without auth sends
        { "83A47479706500A36E7370A12FA464617461D40000", "Connect /" },
        // {type:0,nsp:"/"}
        { "82A47479706500A36E7370A12F", "Connect /" },
        // {type:0,data:{token:"a"},nsp:"/custom"}
        { "83A47479706500A46461746181A5746F6B656EA161A36E7370A72F637573746F6D", "Connect /custom {\"token\":\"a\"}" },
        // {type:0,nsp:"/",data:{sid:"x",pid:undefined}}: the server's answer without recovery
        { "83A47479706500A36E7370A12FA46461746182A3736964A178A3706964D40000", "Connect / {\"sid\":\"x\"}" },
        // {type:1,nsp:"/custom"}
        { "82A47479706501A36E7370A72F637573746F6D", "Disconnect /custom" },
        // {type:2,data:["message",1,"2",{"3":[true]}],options:{compress:true},nsp:"/"}
        {
            "84A47479706502A46461746194A76D65737361676501A13281A13391C3A76F7074696F6E7381A8636F6D7072657373C3A36E7370A12F",
            "Event / [\"message\",1,\"2\",{\"3\":[true]}]"
        },
        // {type:2,data:["e",undefined,null,{a:undefined,b:1}],options:{compress:true},id:456,nsp:"/"}
        {
            "85A47479706502A46461746194A165D40000C082A161D40000A16201A76F7074696F6E7381A8636F6D7072657373C3A26964CD01C8A36E7370A12F",
            "Event / #456 [\"e\",null,null,{\"b\":1}]"
        },
        // {type:2,data:["e",new Date(0),new Date(1709168523456),new Date(-62198755200000),new Date(8.64e15)],nsp:"/"}
        {
            "83A47479706502A46461746195A165D7000000000000000000D7000000018DF261F8C0D700FFFFC76E394A7400D700001EB208C2DC0000A36E7370A12F",
            "Event / [\"e\",\"1970-01-01T00:00:00.000Z\",\"2024-02-29T01:02:03.456Z\",\"-000001-01-01T00:00:00.000Z\","
            + "\"+275760-09-13T00:00:00.000Z\"]"
        },
        // {type:2,data:["e",Buffer.from([1,2,3]),{deep:[ArrayBuffer of 1,2,3]},new Uint8Array([9])],nsp:"/"}
        {
            "83A47479706502A46461746194A165C40301020381A46465657091C70300010203C7010009A36E7370A12F",
            "BinaryEvent / " +
            "[\"e\",{\"_placeholder\":true,\"num\":0},{\"deep\":[{\"_placeholder\":true,\"num\":1}]},{\"_placeholder\":true,\"num\":2}] " +
            "<010203> <010203> <09>"
        },
        // new ArrayBuffer(0), new ArrayBuffer(1), new ArrayBuffer(8), Buffer.alloc(0): none of them undefined or a Date
        {
            "83A47479706502A46461746195A165C70000C7010000C708000000000000000000C400A36E7370A12F",
            "BinaryEvent / [\"e\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":2},"
            + "{\"_placeholder\":true,\"num\":3}] <> <00> <0000000000000000> <>"
        },
        // 0, -0, 127, 128, 255, 256, 65535, 65536, 2^32-1, 2^32, 2^53-1, -1, -32, -33, -128, -129, -32768, -32769, -2^31, -2^31-1, -2^53+1
        {
            "83A47479706502A464617461DC0016A16500007FCC80CCFFCD0100CDFFFFCE00010000CEFFFFFFFFCF0000000100000000CF001FFFFFFFFFFFFFFFE0D0D"
            + "FD080D1FF7FD18000"
            + "D2FFFF7FFFD280000000D3FFFFFFFF7FFFFFFFD3FFE0000000000001A36E7370A12F",
            "Event / [\"e\",0,0,127,128,255,256,65535,65536,4294967295,4294967296,9007199254740991,-1,-32,-33,-128,-129,-32768,-32769,"
            + "-2147483648,-2147483649,-9007199254740991]"
        },
        // 0.5, NaN, 0.1
        {
            "83A47479706502A46461746194A165CB3FE0000000000000CB7FF8000000000000CB3FB999999999999AA36E7370A12F",
            "Event / [\"e\",0.5,null,0.1]"
        },
        // {type:2,data:["é😀"],nsp:"/é"}
        { "83A47479706502A46461746191A6C3A9F09F9880A36E7370A32FC3A9", "Event /é [\"é😀\"]" },
        // {type:2,data:[42,"numeric name"],nsp:"/"}
        { "83A47479706502A464617461922AAC6E756D65726963206E616D65A36E7370A12F", "Event / [42,\"numeric name\"]" },
        // an object of 16 properties and an array of 16 items, whose headers have another form
        {
            "83A47479706502A46461746193A165DE0010A26B3000A26B3101A26B3202A26B3303A26B3404A26B3505A26B3606A26B3707A26B3808A26B3909A36B31300A"
            + "A36B31310B"
            + "A36B31320CA36B31330DA36B31340EA36B31350FDC0010000102030405060708090A0B0C0D0E0FA36E7370A12F",
            "Event / [\"e\",{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,\"k9\":9,\"k10\":10,"
            + "\"k11\":11,\"k12\":12,"
            + "\"k13\":13,\"k14\":14,\"k15\":15},[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]]"
        },
        // {type:2,data:["e",[],{},"",true,false,null],nsp:"/"}
        { "83A47479706502A46461746197A1659080A0C3C2C0A36E7370A12F", "Event / [\"e\",[],{},\"\",true,false,null]" },
        // {type:3,data:[],id:0,nsp:"/"}
        { "84A47479706503A46461746190A2696400A36E7370A12F", "Ack / #0 []" },
        // {type:3,data:[1,Buffer.from([255])],id:789,nsp:"/chat"}
        { "84A47479706503A4646174619201C401FFA26964CD0315A36E7370A52F63686174",
        "BinaryAck /chat #789 [1,{\"_placeholder\":true,\"num\":0}] <FF>" },
        // {type:4,nsp:"/random",data:{message:"Invalid namespace"}}
        {
            "83A47479706504A36E7370A72F72616E646F6DA46461746181A76D657373616765B1496E76616C6964206E616D657370616365",
            "ConnectError /random {\"message\":\"Invalid namespace\"}"
        },
    };

    public static TheoryData<string, string> FromOthers => new()
    {
        // a timestamp, as MessagePack for C# writes a date
        { "83A47479706502A46461746192A165D6FF65DFD60BA36E7370A12F", "Event / [\"e\",\"2024-02-29T00:55:39.000Z\"]" },
        // float 32, and integers where one byte would do
        { "83A474797065D20000 0002A46461746193A165CA3F000000D30000000000000001A36E7370A12F", "Event / [\"e\",0.5,1]" },
        // the largest unsigned integer
        { "83A47479706502A46461746192A165CFFFFFFFFFFFFFFFFFA36E7370A12F", "Event / [\"e\",18446744073709551615]" },
        // keys that are integers
        { "83A47479706502A46461746192A1658201A161FFA162A36E7370A12F", "Event / [\"e\",{\"1\":\"a\",\"-1\":\"b\"}]" },
        // a key that is an array, beside those of the packet
        { "839101C0A47479706501A36E7370A12F", "Disconnect /" },
        // bytes in the auth data of a CONNECT, which has no attachments
        { "83A47479706500A46461746181A16BC404010203 04A36E7370A12F", "Connect / {\"k\":\"AQIDBA==\"}" },
        // a string that is not UTF-8
        { "83A47479706502A46461746192A165A3C32861A36E7370A12F", "Event / [\"e\",\"\uFFFD(a\"]" },
        // id: undefined
        { "84A47479706503A46461746190A26964D40000A36E7370A12F", "Ack / []" },
        // an object that looks like a placeholder, where there is no attachment
        {
            "83A47479706502A46461746192A16582AC5F706C616365686F6C646572C3A36E756D00A36E7370A12F",
            "Event / [\"e\",{\"_placeholder\":true,\"num\":0}]"
        },
    };

    [Theory]
    [MemberData(nameof(FromJavaScript))]
    [MemberData(nameof(FromOthers))]
    public void Decode_LegalMessage_GivesThePacket(string bytes, string packet)
    {
        Assert.Equal(packet, PacketText.Describe(Wire.Decode(bytes)));
    }

    [Theory]
    [InlineData("")] // nothing
    [InlineData("C0")] // null
    [InlineData("90")] // an array
    [InlineData("80")] // no fields
    [InlineData("81A36E7370A12F")] // no type
    [InlineData("81A47479706500")] // no namespace
    [InlineData("82A47479706500A36E7370A0")] // an empty namespace
    [InlineData("82A47479706500A36E7370A161")] // a namespace without slash
    [InlineData("82A47479706500A36E7370C0")] // a namespace that is null
    [InlineData("82A47479706505A36E7370A12F")] // type 5
    [InlineData("82A474797065FFA36E7370A12F")] // type -1
    [InlineData("82A474797065A130A36E7370A12F")] // type "0"
    [InlineData("82A474797065CB0000000000000000A36E7370A12F")] // type 0.0
    [InlineData("82A474797065CFFFFFFFFFFFFFFFFFA36E7370A12F")] // type 2^64-1
    [InlineData("82A47479706500A36E7370A12F00")] // trailing bytes
    [InlineData("83A47479706500A36E7370A12F")] // a field is missing
    [InlineData("82A47479706500A36E7370A32F")] // cut short
    [InlineData("83A47479706500A464617461C0A36E7370A12F")] // CONNECT with null
    [InlineData("83A47479706500A46461746190A36E7370A12F")] // CONNECT with an array
    [InlineData("83A47479706501A46461746180A36E7370A12F")] // DISCONNECT with data
    [InlineData("82A47479706502A36E7370A12F")] // EVENT without data
    [InlineData("83A47479706502A464617461D40000A36E7370A12F")] // EVENT with undefined
    [InlineData("83A47479706502A46461746190A36E7370A12F")] // EVENT without name
    [InlineData("83A47479706502A46461746191C0A36E7370A12F")] // EVENT with null as its name
    [InlineData("83A47479706502A46461746191D40000A36E7370A12F")] // EVENT with undefined as its name
    [InlineData("83A47479706502A46461746191C40101A36E7370A12F")] // EVENT with bytes as its name
    [InlineData("83A47479706502A46461746191A7636F6E6E656374A36E7370A12F")] // EVENT named connect
    [InlineData("83A47479706502A46461746180A36E7370A12F")] // EVENT with an object
    [InlineData("82A47479706503A36E7370A12F")] // ACK without data
    [InlineData("83A47479706503A46461746180A36E7370A12F")] // ACK with an object
    [InlineData("82A47479706504A36E7370A12F")] // CONNECT_ERROR without data
    [InlineData("83A47479706504A46461746190A36E7370A12F")] // CONNECT_ERROR with an array
    [InlineData("84A47479706503A46461746190A26964FFA36E7370A12F")] // id -1
    [InlineData("84A47479706503A46461746190A26964C0A36E7370A12F")] // id null
    [InlineData("84A47479706503A46461746190A26964A130A36E7370A12F")] // id "0"
    [InlineData("84A47479706503A46461746190A26964CFFFFFFFFFFFFFFFFFA36E7370A12F")] // id 2^64-1
    [InlineData("83A47479706502A46461746192A165C1A36E7370A12F")] // the byte that means nothing
    [InlineData("83A47479706502A46461746192A165D40100A36E7370A12F")] // an unknown extension
    [InlineData("83A47479706502A46461746192A165D5000000A36E7370A12F")] // notepack's type in a size it does not have
    [InlineData("83A47479706502A46461746192A16581C000A36E7370A12F")] // a map with the key null
    [InlineData("83A47479706502A464617461DDFFFFFFFFA165A36E7370A12F")] // an array of 2^32-1 items
    [InlineData("83A47479706502A464617461DFFFFFFFFFA165A36E7370A12F")] // a map of 2^32-1 properties
    [InlineData("DFFFFFFFFFA47479706500A36E7370A12F")] // a packet of 2^32-1 fields
    [InlineData("83A47479706502A46461746193A165C4010182AC5F706C616365686F6C646572C3A36E756D00A36E7370A12F")] // an attachment and its double
    public void Decode_IllegalMessage_IsRefused(string bytes)
    {
        Assert.Throws<PacketFormatException>(() => Wire.Decode(bytes));
    }

    [Fact]
    public void Decode_Text_IsRefused()
    {
        var decoder = new MessagePackPacketParser().CreateDecoder();
        Assert.Throws<PacketFormatException>(() => decoder.Add("2[\"a\"]"u8.ToArray(), isBinary: false));
    }

    [Theory]
    [InlineData(256, 256, true)]
    [InlineData(256, 257, false)]
    [InlineData(256, 100_000, false)]
    [InlineData(200_000, 100_000, true)]
    public void Decode_Nesting_IsHeldAgainstTheLimitWithoutRecursion(int limit, int levels, bool isLegal)
    {
        // {type:2,data:["e",[[...]]],nsp:"/"}, and the same nesting under a key that nobody reads
        var inner = string.Concat(Enumerable.Repeat("91", levels - 2)) + "90";
        var nested = $"83A47479706502A46461746192A165{inner}A36E7370A12F";
        var skipped = $"84A47479706502A178{inner}A46461746191A165A36E7370A12F";
        var parser = new MessagePackPacketParser(new MessagePackPacketParserOptions { MaxDepth = limit });

        Assert.NotNull(parser.CreateDecoder().Add(Convert.FromHexString(skipped), isBinary: true));
        if (isLegal)
        {
            Assert.NotNull(parser.CreateDecoder().Add(Convert.FromHexString(nested), isBinary: true));
        }
        else
        {
            Assert.Throws<PacketFormatException>(() => parser.CreateDecoder().Add(Convert.FromHexString(nested), isBinary: true));
        }
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 4, false)]
    public void Decode_Attachments_AreHeldAgainstTheLimit(int limit, int count, bool isLegal)
    {
        var message = $"83A47479706502A464617461{0x91 + count:X2}A165{string.Concat(Enumerable.Repeat("C400", count))}A36E7370A12F";
        var decoder = new MessagePackPacketParser(new MessagePackPacketParserOptions { MaxAttachments = limit }).CreateDecoder();
        if (isLegal)
        {
            Assert.Equal(count, decoder.Add(Convert.FromHexString(message), isBinary: true)!.Attachments.Count);
        }
        else
        {
            Assert.Throws<PacketFormatException>(() => decoder.Add(Convert.FromHexString(message), isBinary: true));
        }
    }

    [Theory]
    [InlineData(PacketType.Connect, "/", null, "{\"sid\":\"x\"}", "83A47479706500A36E7370A12FA46461746181A3736964A178")]
    [InlineData(PacketType.Disconnect, "/b", null, "", "82A47479706501A36E7370A22F62")]
    [InlineData(PacketType.Event, "/", null, "[\"e\",1]", "83A47479706502A36E7370A12FA46461746192A16501")]
    [InlineData(PacketType.Event, "/é", 456L, "[ \"\\u00e9\" , { } , [ ] ]",
        "84A47479706502A36E7370A32FC3A9A46461746193A2C3A98090A26964CD01C8")]
    [InlineData(PacketType.Ack, "/", 0L, "", "84A47479706503A36E7370A12FA46461746190A2696400")]
    [InlineData(PacketType.ConnectError, "/", null, "\"no\"", "83A47479706504A36E7370A12FA464617461A26E6F")]
    [InlineData(
        PacketType.Ack, "/", 1L, "[0.5,1.50,1.0,1e2,-0,18446744073709551615,18446744073709551616,1e999,null,true,false]",
        "84A47479706503A36E7370A12FA4646174619BCB3FE0000000000000CB3FF8000000000000016400"
        + "CFFFFFFFFFFFFFFFFFCB43F0000000000000CB7FF0000000000000C0C3C2A2696401")]
    public void Encode_Packet_IsOneMap(PacketType type, string ns, long? ackId, string payload, string bytes)
    {
        var packet = new Packet { Type = type, Namespace = ns, AckId = ackId, Payload = Encoding.UTF8.GetBytes(payload) };
        Assert.Equal(bytes, Wire.Encode(packet));
    }

    [Fact]
    public void Encode_Attachments_StandWhereTheirPlaceholdersStood()
    {
        var packet = Serializer.Event("/", "e", [new byte[] { 1, 2 }, new { Deep = new object[] { new byte[300], 7 } }]);
        Assert.Equal(
            "83A47479706502A36E7370A12FA46461746193A165C402010281A46465657092C5012C" + new string('0', 600) + "07",
            Wire.Encode(packet));
    }

    [Fact]
    public void Encode_Date_IsItsIsoText()
    {
        var packet = Wire.Decode(Wire.Encode(Serializer.Event("/", "e", [DateTime.UnixEpoch])));
        Assert.Equal("Event / [\"e\",\"1970-01-01T00:00:00.000Z\"]", PacketText.Describe(packet));
    }

    [Fact]
    public void Decode_Date_IsReadAsADate()
    {
        var packet = Wire.Decode("83A47479706502A46461746192A165D7000000018DF261F8C0A36E7370A12F");
        var expected = DateTime.Parse("2024-02-29T01:02:03.456Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        Assert.Equal(expected, Serializer.Read(packet).Get<DateTime>(0));
    }

    [Fact]
    public void Decode_InvalidDate_IsNull()
    {
        var packet = Wire.Decode("83A47479706502A46461746192A165D7007FFFFFFFFFFFFFFFA36E7370A12F");
        Assert.Equal(JsonValueKind.Null, Serializer.Read(packet).Get<JsonElement>(0).ValueKind);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Constructor_LimitThatIsNotPositive_Throws(int maxAttachments, int maxDepth)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new MessagePackPacketParser(new MessagePackPacketParserOptions { MaxAttachments = maxAttachments, MaxDepth = maxDepth }));
    }
}
