using System.Text.Json;
using OrleansRooms.SocketIO;

namespace OrleansRooms.Conformance.Tests.Rooms;

/// <summary>Text that a JavaScript client may send and that is no Unicode, and what the server tells clients of themselves.</summary>
public sealed class OddTextTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    public async Task HalfAnEmoji_AsARoomAnEventAndAuth_StaysWhatItIs()
    {
        var names = new List<string?>();
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            lock (names) names.Add(socket.Handshake.Auth.GetString("name"));
            socket.On("join", async context =>
            {
                await socket.JoinAsync(context.Get<string>(0)!);
                await context.AckAsync();
            });
            socket.On("say", async context =>
            {
                await io.To(context.Get<string>(0)!).EmitAsync("said");
                await context.AckAsync(context.Get<string>(0), context.Get<JsonElement>(1));
            });
        }));
        var half = await Js.ConnectAsync(server.Address.ToString());
        var whole = await Js.ConnectAsync(server.Address.ToString());

        // The client's own auth is read whenever it connects.
        await half.RunAsync(
            """
            (socket) => new Promise(done => {
              socket.auth = { name: "a\ud83d" };
              socket.disconnect().connect();
              socket.once("connect", done);
            })
            """);
        await half.RunAsync("""(socket) => socket.emitWithAck("join", "room\ud83d")""");
        await whole.RunAsync("""(socket) => socket.emitWithAck("join", "room\ufffd")""");
        // What these clients hear is told to the test as Unicode, so the answer is looked at where it arrives.
        var isAnswered = await whole.RunAsync(
            """
            (socket) => new Promise(done => socket.emit("say", "room\ud83d", { "\udc00": "\ud800" }, (room, data) =>
              done(room === "room\ud83d" && data["\udc00"] === "\ud800")))
            """);

        Assert.True(isAnswered.GetBoolean());
        await half.NextAsync("said");
        Assert.DoesNotContain(whole.Waiting, e => e.Name == "said");
        Assert.Contains("a\ud83d", names);
        Assert.Equal(2, (await server.IO.FetchSocketsAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Handshake_ThatTheServerEmits_IsTheOneOfJavaScript(string transport)
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.EmitAsync("handshake", socket.Handshake)));
        object options = transport == "upgrade"
            ? new { query = new { theme = "dark" }, auth = new { token = "abc" } }
            : new { query = new { theme = "dark" }, auth = new { token = "abc" }, transports = new[] { transport } };
        var client = await Js.ConnectAsync(server.Address.ToString(), options);

        var handshake = (await client.NextAsync("handshake")).Args[0];
        Assert.Equal(
            ["address", "auth", "headers", "issued", "query", "secure", "time", "url", "xdomain"],
            handshake.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("dark", handshake.GetProperty("query").GetProperty("theme").GetString());
        Assert.Equal("4", handshake.GetProperty("query").GetProperty("EIO").GetString());
        Assert.Equal("abc", handshake.GetProperty("auth").GetProperty("token").GetString());
        Assert.Equal(server.Address.Authority, handshake.GetProperty("headers").GetProperty("host").GetString());
        Assert.Equal(JsonValueKind.Number, handshake.GetProperty("issued").ValueKind);
        Assert.False(handshake.GetProperty("secure").GetBoolean());
        Assert.EndsWith("GMT+0000 (Coordinated Universal Time)", handshake.GetProperty("time").GetString(), StringComparison.Ordinal);
    }
}
