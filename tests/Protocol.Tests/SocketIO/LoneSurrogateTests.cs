using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>Half a surrogate pair is text for JavaScript, and stays what it is wherever text can stand.</summary>
public sealed class LoneSurrogateTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char, Gen.Char['\ud800', '\udfff'], Gen.Int[0, 5].Select(i => "a\"\\\n\ufffd\uffff"[i]))
        .Array[0, 12].Select(chars => new string(chars));

    private static readonly PacketSerializer Serializer = new();
    private static readonly PacketSerializer WithEncoderOfTheUser =
        new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [Fact]
    public void AnyUtf16_AsNameArgumentKeyAndNode_Arrives() =>
        Gen.Select(Text, Text, Gen.Bool).Sample((name, text, isUsers) =>
        {
            var serializer = isUsers ? WithEncoderOfTheUser : Serializer;
            var sent = serializer.Event(
                "/", name, [text, new Dictionary<string, string> { [text] = text }, Node(text), JsonValue.Create(text), new { text }]);
            var arguments = serializer.Read(SendOver(sent));

            Assert.Equal(name, arguments.EventName);
            Assert.Equal(text, arguments.Get<string>(0));
            Assert.Equal(text, arguments.Get<JsonObject>(1)![text]!.GetValue<string>());
            Assert.Equal(text, arguments.Get<JsonNode>(2)![text]![0]!.GetValue<string>());
            Assert.Equal(text, arguments.Get<JsonNode>(3)!.GetValue<string>());

            // What was read as nodes is sent on.
            var echo = serializer.Event(
                "/", name, [arguments.Get<JsonElement>(1), arguments.Get<JsonNode>(2), arguments.Get<JsonObject>(2)]);
            var echoed = serializer.Read(SendOver(echo));
            Assert.Equal(text, Assert.Single(echoed.Get<JsonObject>(0)!).Key);
            Assert.Equal(text, echoed.Get<JsonObject>(1)![text]![0]!.GetValue<string>());
            Assert.Equal(text, echoed.Get<JsonObject>(2)![text]![0]!.GetValue<string>());
        });

    [Fact]
    public void ParsedNode_WithHalfASurrogatePair_IsSentOn()
    {
        var node = JsonNode.Parse("""["\ud83d",{"a":"\udc00"}]""");
        Assert.Equal("42[\"e\",[\"\\ud83d\",{\"a\":\"\\udc00\"}]]", Wire.Encode(Serializer.Event("/", "e", [node])));
    }

    [Fact]
    public void DeepElement_WithHalfASurrogatePair_CommentsAndCommas_IsSentOnAsJson()
    {
        var deep = new string('[', 100) + "\"\\ud83d\"" + new string(']', 100);
        var lax = new JsonDocumentOptions { MaxDepth = 200, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var element = JsonElement.Parse($$"""{"a":{{deep}},/* c */ "\udc00":[1,-2.50e3,true,null,],}""", lax);
        Assert.Equal($$"""42["e",{"a":{{deep}},"\udc00":[1,-2.50e3,true,null]}]""", Wire.Encode(Serializer.Event("/", "e", [element])));
    }

    [Fact]
    public void Node_HoldsWhatArgumentsMayHold()
    {
        var node = new JsonObject { ["bytes"] = JsonValue.Create(new byte[] { 1 }), ["nan"] = double.NaN, ["none"] = null, ["n"] = 1.5m };
        var packet = Serializer.Event("/", "e", [node]);
        Assert.Equal(
            """["e",{"bytes":{"_placeholder":true,"num":0},"nan":null,"none":null,"n":1.5}]""",
            Encoding.UTF8.GetString(packet.Payload.Span));
        Assert.Equal([1], Assert.Single(packet.Attachments).ToArray());
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"\\ud83d\"")]
    public void Get_NodeOfAnotherKind_Throws(string json)
    {
        var arguments = Serializer.Read(Wire.Decode($"2[\"e\",{json}]"));
        Assert.ThrowsAny<JsonException>(() => arguments.Get<JsonObject>(0));
    }

    [Fact]
    public void Get_Node_FindsPropertiesAsItsOptionsSay()
    {
        var arguments = Serializer.Read(Wire.Decode("2[\"e\",{\"Name\":\"\\ud83d\"},{\"Name\":\"x\"},null]"));
        Assert.Equal("\ud83d", arguments.Get<JsonNode>(0)!["name"]!.GetValue<string>());
        Assert.Equal("x", arguments.Get<JsonNode>(1)!["name"]!.GetValue<string>());
        Assert.Null(arguments.Get<JsonNode>(2));
    }

    private static Packet SendOver(Packet packet) => Wire.Decode(Wire.Encode(packet)[1..]);

    private static JsonObject Node(string text) => new() { [text] = new JsonArray(text, 1) };
}
