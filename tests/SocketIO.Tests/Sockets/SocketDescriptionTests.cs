using System.Globalization;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>What a socket says of itself: to other nodes, and to clients when it is an argument.</summary>
public sealed class SocketDescriptionTests
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("""{"name":"\ud83d"}""")]
    [InlineData("""{"\udc00":1,"name":"n"}""")]
    [InlineData("70")]
    public async Task Auth_ThatIsHardToWrite_HidesNoSocket(string auth)
    {
        var written = auth == "70" ? $$"""{"deep":{{Nested(70)}},"name":"n"}""" : auth;
        var odd = await _server.ConnectAsync(auth: written);
        var plain = await _server.ConnectAsync(auth: """{"name":"plain"}""");

        var sockets = await _server.Io.FetchSocketsAsync();
        var described = await _server.Io.FetchAsync();

        Assert.Equal([odd.SocketId, plain.SocketId], sockets.Select(socket => socket.Id));
        Assert.Equal(written, described[0].Handshake.GetProperty("auth").GetRawText());
        Assert.Equal("plain", described[1].Handshake.GetProperty("auth").GetString("name"));
    }

    [Fact]
    public async Task GetString_OfHalfASurrogatePair_GivesIt()
    {
        var client = await _server.ConnectAsync(auth: """{"name":"a\ud83d","\ud83d":"\u0062","na\ud83d":1}""");
        var auth = _server.Io.Sockets[client.SocketId].Handshake.Auth;

        Assert.Equal("a\ud83d", auth.GetString("name"));
        Assert.Equal("b", auth.GetString("\ud83d"));
        Assert.Null(auth.GetString("na\ud83d"));
        Assert.Null(auth.GetString("other"));

        var named = await _server.ConnectAsync(auth: """{"name":"a\ud83d"}""");
        Assert.Equal("a\ud83d", _server.Io.Sockets[named.SocketId].Handshake.GetAuth<Named>()!.Name);
    }

    [Fact]
    public async Task Data_ThatCannotBeWritten_IsLeftOutOrNull_AndHidesNoSocket()
    {
        var odd = await _server.ConnectAsync();
        var plain = await _server.ConnectAsync();
        var data = _server.Io.Sockets[odd.SocketId].Data;
        data.Set("before", 1);
        data.Set("nan", double.NaN);
        data.Set("getter", new Throwing());
        data.Set("deep", JsonElement.Parse(Nested(70), new JsonDocumentOptions { MaxDepth = 100 }));
        data.Set("half", "\ud83d");
        data.Set("\udc00", "name");
        var self = new List<object>();
        self.Add(self);
        data.Set("self", self);
        data.Set("after", 2);
        _server.Io.Sockets[plain.SocketId].Data.Set("name", "plain");

        Assert.Equal(2, (await _server.Io.FetchSocketsAsync()).Count);
        var described = await _server.Io.FetchAsync();
        Assert.Equal(
            $$"""{"before":1,"nan":null,"deep":{{Nested(70)}},"half":"\ud83d","\udc00":"name","after":2}""",
            described[0].Data.GetRawText());
        Assert.Equal("""{"name":"plain"}""", described[1].Data.GetRawText());
    }

    [Fact]
    public async Task Handshake_AsAnArgument_HasTheShapeOfJavaScript()
    {
        var client = await _server.ConnectAsync(auth: """{"token":"abc"}""");
        var socket = _server.Io.Sockets[client.SocketId];
        const string Shape =
            """
            {"headers":{"user-agent":"test"},"time":"Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)","address":"127.0.0.1",
            "xdomain":false,"secure":false,"issued":0,"url":"/socket.io/?EIO=4&transport=websocket","query":{"EIO":"4"},
            "auth":{"token":"abc"}}
            """;
        var expected = Shape.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

        await socket.EmitAsync("h", socket.Handshake, new { deep = new[] { socket.Handshake } });
        socket.Data.Set("handshake", socket.Handshake);
        await socket.EmitAsync("d", socket.Data);

        await client.ExpectAsync(
            $$"""42["h",{{expected}},{"deep":[{{expected}}]}]""",
            $$"""42["d",{"handshake":{{expected}}}]""");
        Assert.Equal(expected, (await _server.Io.FetchAsync())[0].Handshake.GetRawText());
    }

    [Fact]
    public async Task HeadersAndQuery_WithSeveralValues_AreAsNodeJsHasThem()
    {
        var client = _server.Open();
        await client.EnterAsync("/", null);
        var headers = _server.Io.Sockets[client.SocketId].Handshake.Headers;
        headers["X-Two"] = new(["a", "b"]);
        headers.Cookie = new(["c=1", "d=2"]);
        await _server.Io.EmitAsync("h", _server.Io.Sockets[client.SocketId].Handshake);

        var packet = await client.NextAsync();
        Assert.Contains("\"x-two\":\"a, b\"", packet, StringComparison.Ordinal);
        Assert.Contains("\"cookie\":\"c=1; d=2\"", packet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_AsAnArgument_IsAnObject_WithItsBytesAsAttachments()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        socket.Data.Set("name", "ada");
        socket.Data.Set("avatar", new byte[] { 1 });

        await socket.EmitAsync("d", socket.Data);

        await client.ExpectAsync("""451-["d",{"name":"ada","avatar":{"_placeholder":true,"num":0}}]""", "bAQ==");
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private sealed record Named(string Name);

    private sealed class Throwing
    {
        public string Text => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{nameof(Text)} is not there."));
    }
}

file static class Fetching
{
    /// <summary>What other nodes would be told.</summary>
    public static Task<SocketDescription[]> FetchAsync(this ISocketIOServer io) =>
        Task.FromResult<SocketDescription[]>([.. io.Adapter.DescribeSockets(BroadcastOptions.All)]);
}
