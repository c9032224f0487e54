using System.Net;
using System.Text.Json;
using OrleansRooms.Documentation.Tests.Snippets;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Documentation.Tests;

/// <summary>What pages say that their examples do, stock clients see.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private readonly JsClients _clients = JsClients.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task Middleware_RefusesWithMessageAndData()
    {
        await using var example = await RunningExample.StartAsync(
            "docs/socketio/middlewares.md", "ConnectErrorException(\"not authorized\"");

        var stranger = await _clients.OpenAsync(example.Url);
        var error = (await stranger.NextAsync("connect_error")).Args[0];
        Assert.Equal("not authorized", error.GetProperty("message").GetString());
        Assert.Equal("bad-token", error.GetProperty("data").GetProperty("code").GetString());
        await _clients.ConnectAsync(example.Url, new { auth = new { token = "abc" } });
    }

    [Fact]
    public async Task AllowRequest_AnswersWithItsMessage()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/middlewares.md", "options.AllowRequest");
        using var http = new HttpClient();

        var refused = await http.GetAsync($"{example.Url}/socket.io/?EIO=4&transport=polling");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("""{"code":4,"message":"An API key is needed."}""", await refused.Content.ReadAsStringAsync());
        await _clients.ConnectAsync(example.Url, new { extraHeaders = new Dictionary<string, string> { ["X-Api-Key"] = "k" } });
    }

    [Fact]
    public async Task Cors_IsOnErrorsToo()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/http.md", "options.Cors");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Origin", "https://app.example.com");

        var handshake = await http.GetAsync($"{example.Url}/socket.io/?EIO=4&transport=polling");
        var error = await http.GetAsync($"{example.Url}/socket.io/?EIO=4&transport=none");

        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.All([handshake, error], response =>
            Assert.Equal("https://app.example.com", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin"))));
    }

    [Theory]
    [InlineData("options.Cors", HttpStatusCode.Forbidden)]
    [InlineData("options.AllowAnyOrigin", HttpStatusCode.OK)]
    public async Task ForeignOrigin_IsServedWhereThePageSaysSo(string example, HttpStatusCode expected)
    {
        await using var running = await RunningExample.StartAsync("docs/socketio/http.md", example);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        Assert.Equal(expected, (await http.GetAsync($"{running.Url}/socket.io/?EIO=4&transport=polling")).StatusCode);
    }

    [Fact]
    public async Task Cookie_ComesWithTheFirstPollingResponse()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/http.md", "SessionCookieBuilder");
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });

        var handshake = await http.GetAsync($"{example.Url}/socket.io/?EIO=4&transport=polling");
        var sid = JsonElement.Parse((await handshake.Content.ReadAsStringAsync())[1..]).GetProperty("sid").GetString();

        Assert.StartsWith($"io={sid}; ", Assert.Single(handshake.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_AreWhatHandlersReturn()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/acknowledgements.md", "\"add\"", "\"divide\"");
        var client = await _clients.ConnectAsync(example.Url);

        Assert.Equal(3, (await client.EmitWithAckAsync("add", 1, 2)).GetInt32());
        Assert.Equal(["null", "3", "1"], (await client.EmitWithAckListAsync("divide", 7, 2)).Select(value => value.GetRawText()));
        Assert.Equal("division by zero", (await client.EmitWithAckAsync("divide", 7, 0)).GetString());
    }

    [Fact]
    public async Task Rooms_AreEnteredByAsking()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/rooms.md", "\"open\"");
        var client = await _clients.ConnectAsync(example.Url);

        Assert.False((await client.EmitWithAckAsync("open", "plan")).GetBoolean());
    }

    [Fact]
    public async Task Values_AreWrittenAsThePageSays()
    {
        const string page = "docs/socketio/emitting.md";
        var shown = RunningExample.Find(page, "new Order(").Code.Split('\n')
            .Single(line => line.StartsWith("// [", StringComparison.Ordinal))[3..];
        await using var example = await RunningExample.StartAsync(page, "new Order(");
        await using var client = await RawWebSocket.OpenAndJoinAsync(new Uri(example.Url));

        var frame = await client.NextAsync(frame => frame.Text.Contains("order", StringComparison.Ordinal), "the order");

        Assert.Equal($"42{shown}", frame.Text);
    }

    [Fact]
    public async Task MessagePack_IsSpokenByItsClients()
    {
        await using var example = await RunningExample.StartAsync("docs/socketio/parser.md", "AddMessagePackParser");

        await _clients.ConnectAsync(example.Url, new { parser = "msgpack" });
        await _clients.ConnectAsync(example.Url, new { parser = "msgpack", transports = new[] { "websocket" } });
    }

    [Fact]
    public async Task TestingPage_ItsTest_Passes()
    {
        var tests = SnippetCompiler.Build(RunningExample.Find("docs/socketio/testing.md", "AdditionTests")).GetType("AdditionTests")!;

        await (Task)tests.GetMethod("Add_TwoNumbers_AnswersTheSum")!.Invoke(Activator.CreateInstance(tests), null)!;
    }
}
