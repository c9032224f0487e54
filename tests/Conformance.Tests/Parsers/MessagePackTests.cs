using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Parsers;

/// <summary>Stock clients with <c>socket.io-msgpack-parser</c> (behaviour 69, protocol.md 2.14).</summary>
public sealed class MessagePackTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [Trait("Behaviour", "69")]
    [MemberData(nameof(Transports))]
    public async Task Connect_WithAndWithoutAuth_EntersItsNamespace(string transport)
    {
        var server = await StartMessagePackAsync(io =>
        {
            io.OnConnection(socket => socket.EmitAsync("auth", socket.Handshake.Auth));
            io.Of("/chat").OnConnection(socket => socket.EmitAsync("auth", socket.Handshake.Auth));
        });

        var main = await ConnectAsync(server, transport);
        var chat = await Js.ConnectAsync(
            $"{server.Address}chat", OptionsFor(transport, new Dictionary<string, object> { ["auth"] = new { token = "t" } }));
        var nowhere = await Js.OpenAsync($"{server.Address}nowhere", OptionsFor(transport));

        Assert.Equal("{}", (await main.NextAsync("auth")).Args[0].GetRawText());
        Assert.Equal("t", (await chat.NextAsync("auth")).Args[0].GetProperty("token").GetString());
        Assert.Equal("Invalid namespace", (await nowhere.NextAsync("connect_error")).Args[0].GetProperty("message").GetString());
        Assert.Contains((await main.StateAsync()).Id!, server.IO.Sockets.Keys);
    }

    [Theory]
    [Trait("Behaviour", "69")]
    [MemberData(nameof(Transports))]
    public async Task Values_OfEveryKind_ComeBack(string transport)
    {
        var server = await StartMessagePackAsync(SuiteServer.ConfigureEcho);
        var client = await ConnectAsync(server, transport);

        await client.EmitAsync(
            "message", 1, -1.5, 4294967296, "ž🙂", null, true, new[] { 1, 2 }, new { a = new { b = "c" } }, JsValue.Undefined,
            JsValue.Date(DateTimeOffset.UnixEpoch), new { left = JsValue.Undefined, kept = 1 });

        // JSON, the form in which handlers see values, has no undefined and no dates.
        var back = await client.NextAsync("message-back");
        Assert.Equal(
            [
                "1", "-1.5", "4294967296", "\"ž\\uD83D\\uDE42\"", "null", "true", "[1,2]", """{"a":{"b":"c"}}""", "null",
                "\"1970-01-01T00:00:00.000Z\"", """{"kept":1}""",
            ],
            back.Args.Select(arg => JsonSerializer.Serialize(arg, Relaxed)));
    }

    [Theory]
    [Trait("Behaviour", "69")]
    [MemberData(nameof(Transports))]
    public async Task Binary_ReachesTypedHandlersAndComesBack(string transport)
    {
        byte[]? received = null;
        var server = await StartMessagePackAsync(io => io.OnConnection(socket => socket.On("upload", async (byte[] file) =>
        {
            received = file;
            await socket.EmitAsync("stored", new { file, copies = new[] { file, file } });
        })));
        var client = await ConnectAsync(server, transport);

        await client.EmitAsync("upload", new byte[] { 1, 2, 3 });

        var stored = (await client.NextAsync("stored")).Args[0];
        Assert.Equal([1, 2, 3], received!);
        Assert.Equal([1, 2, 3], stored.GetProperty("file").As<byte[]>());
        Assert.Equal([1, 2, 3], stored.GetProperty("copies")[1].As<byte[]>());
    }

    [Theory]
    [Trait("Behaviour", "69")]
    [MemberData(nameof(Transports))]
    public async Task Acks_GoBothWays(string transport)
    {
        ISocket? connected = null;
        var server = await StartMessagePackAsync(io => io.OnConnection(socket =>
        {
            connected = socket;
            socket.On("add", (int a, int b) => a + b);
            socket.On("reverse", (byte[] bytes) => bytes.Reverse().ToArray());
            socket.On("nothing", context => context.AckAsync());
        }));
        var client = await ConnectAsync(server, transport);

        Assert.Equal(3, (await client.EmitWithAckAsync("add", 1, 2)).GetInt32());
        Assert.Equal([2, 1], (await client.EmitWithAckAsync("reverse", new byte[] { 1, 2 })).As<byte[]>());
        Assert.Empty(await client.EmitWithAckListAsync("nothing"));

        var asked = connected!.Timeout(TimeSpan.FromSeconds(30)).EmitWithAckAsync<byte[]>("ask", 7);
        var question = await client.NextAsync("ask");
        Assert.Equal(7, question.Get<int>());
        await question.AckAsync(new byte[] { 9 });
        Assert.Equal([9], await asked);

        var polled = server.IO.Timeout(TimeSpan.FromSeconds(30)).EmitWithAckAsync<string>("vote");
        await (await client.NextAsync("vote")).AckAsync("yes");
        Assert.Equal(["yes"], await polled);
    }

    [Fact]
    [Trait("Behaviour", "69")]
    public async Task Emit_MoreAttachmentsThanJsonAllows_IsSent()
    {
        var server = await StartMessagePackAsync(io => io.OnConnection(socket =>
            socket.EmitAsync("many", Enumerable.Range(0, 100).Select(i => new[] { (byte)i }))));
        var client = await ConnectAsync(server, "websocket");

        Assert.Equal(100, (await client.NextAsync("many")).Args[0].GetArrayLength());
    }

    [Fact]
    [Trait("Behaviour", "69")]
    public async Task Client_SpeakingJson_LosesItsConnectionAndNobodyElseDoes()
    {
        var server = await StartMessagePackAsync(SuiteServer.ConfigureEcho);
        var bystander = await ConnectAsync(server, "websocket");
        var (stranger, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var strangers = stranger;

        await stranger.SendAsync("40");

        await stranger.WaitForCloseAsync();
        await bystander.EmitAsync("message", "still here");
        Assert.Equal("still here", (await bystander.NextAsync("message-back")).Get<string>());
    }

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Task<SocketIOTestServer> StartMessagePackAsync(Action<ISocketIOServer> io) =>
        StartAsync(io, builder: builder => builder.Services.AddSocketIO().AddMessagePackParser());

    private Task<JsClient> ConnectAsync(SocketIOTestServer server, string transport) =>
        Js.ConnectAsync(server.Address.ToString(), OptionsFor(transport));

    private static Dictionary<string, object> OptionsFor(string transport, Dictionary<string, object>? options = null)
    {
        options ??= [];
        options["parser"] = "msgpack";
        if (transport != "upgrade")
        {
            options["transports"] = new[] { transport };
        }

        return options;
    }
}
