using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Namespaces;

/// <summary>Connection middlewares (protocol.md 2.2, 2.3; behaviours 80, 84, 85).</summary>
public sealed class MiddlewareTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task Use_SeveralMiddlewares_RunInOrderBeforeTheConnection()
    {
        var order = new List<string>();
        _server.Io.Of("/chat").Use((_, next) => next());
        _server.Io.Use(async (socket, next) =>
        {
            Assert.False(socket.Connected);
            Assert.Empty(_server.Io.Sockets);
            await Task.Yield();
            order.Add("first");
            await next();
            order.Add("after");
        });
        _server.Io.Use((_, next) =>
        {
            order.Add("second");
            return next();
        });
        _server.Io.OnConnection(socket =>
        {
            order.Add($"connection {socket.Connected}");
            return socket.EmitAsync("done");
        });

        var client = await _server.ConnectAsync("/chat");
        Assert.Empty(order);
        await client.EnterAsync("/");

        await client.ExpectAsync("""42["done"]""");
        Assert.Equal(["first", "second", "after", "connection True"], order);
    }

    [Fact]
    public async Task Use_Refusing_ClientHearsMessageAndDataAndOthersAreSkipped()
    {
        var connections = 0;
        _server.Io.Use(async (socket, next) =>
        {
            await socket.JoinAsync("left behind?");
            throw new ConnectErrorException("not authorized", new { code = 42 });
        });
        _server.Io.Use((_, next) =>
        {
            connections++;
            return next();
        });
        _server.Io.OnConnection(_ => { connections++; });
        var left = new TaskCompletionSource();
        _server.Io.Adapter.RoomDeleted += _ => left.SetResult();
        _server.Io.Of("/open");
        var client = await _server.ConnectAsync("/open");

        client.Say("40");

        await client.ExpectAsync("""44{"message":"not authorized","data":{"code":42}}""");
        await left.Task.WaitAsync(Inbox<string>.DefaultTimeout);
        Assert.Equal(0, connections);
        Assert.Empty(_server.Io.Sockets);
        Assert.Empty(_server.Io.Adapter.Rooms);
        Assert.True(client.IsOpen);
    }

    [Theory]
    [InlineData(false, "Internal server error")]
    [InlineData(true, "secret")]
    public async Task Use_Failing_ShowsItsMessageOnlyWhenAskedTo(bool detailed, string message)
    {
        var server = new TestServer(o => o.EnableDetailedErrors = detailed);
        server.Io.Use((_, _) => throw new InvalidOperationException("secret"));
        var client = server.Open();

        client.Say("40");

        await client.ExpectAsync($$"""44{"message":"{{message}}"}""");
    }

    [Fact]
    public async Task Use_NeitherGoingOnNorRefusing_Refuses()
    {
        _server.Io.Use((_, _) => Task.CompletedTask);
        var client = _server.Open();

        client.Say("40");

        await client.ExpectAsync("""44{"message":"Connection refused"}""");
    }

    [Fact]
    public async Task Use_TakingTooLong_Refuses()
    {
        var time = new FakeTimeProvider();
        var server = new TestServer(o => o.ConnectTimeout = TimeSpan.FromSeconds(1), time);
        var reached = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        server.Io.Of("/open");
        server.Io.Use((_, _) =>
        {
            reached.SetResult();
            return never.Task;
        });
        var client = await server.ConnectAsync("/open");
        client.Say("40");
        await reached.Task;

        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), client.ExpectAsync("""44{"message":"Connection timed out"}"""));

        Assert.True(client.IsOpen);
        never.SetResult();
    }

    [Fact]
    public async Task Use_TakingTooLong_RefusesBeforeTheConnectionsOwnTimeIsOver()
    {
        var time = new FakeTimeProvider();
        var server = new TestServer(o => o.ConnectTimeout = TimeSpan.FromSeconds(1), time);
        var reached = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        server.Io.Use((_, _) =>
        {
            reached.SetResult();
            return never.Task;
        });

        // The connection's own time began a little earlier, and nothing else has been entered.
        var client = server.Open();
        client.Say("40");
        await reached.Task;

        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), client.ExpectAsync("""44{"message":"Connection timed out"}"""));
        never.SetResult();
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), client.ExpectCloseAsync());
    }

    [Fact]
    public async Task Emit_InMiddleware_IsSentBeforeConnect()
    {
        _server.Io.Use(async (socket, next) =>
        {
            await socket.EmitAsync("session", "x");
            await next();
        });
        var client = _server.Open();

        client.Say("40");

        await client.ExpectAsync("""42["session","x"]""");
        Assert.StartsWith("40{", await client.NextAsync());
    }

    [Fact]
    public async Task Handshake_SaysWhatTheFirstRequestSaid()
    {
        Handshake? seen = null;
        _server.Io.Use((socket, next) =>
        {
            seen = socket.Handshake;
            return next();
        });

        await _server.ConnectAsync("/", """{"token":"t","n":1}""");

        Assert.Equal("t", seen!.Auth.GetString("token"));
        Assert.Null(seen.Auth.GetString("n"));
        Assert.Null(seen.Auth.GetString("missing"));
        Assert.Equal(1, seen.GetAuth<Dictionary<string, System.Text.Json.JsonElement>>()!["n"].GetInt32());
        Assert.Equal("4", seen.Query["EIO"]);
        Assert.Equal("test", seen.Headers.UserAgent);
        Assert.Equal("127.0.0.1", seen.Address);
        Assert.Equal("/socket.io/?EIO=4&transport=websocket", seen.Url);
        Assert.False(seen.Secure);
        Assert.False(seen.CrossDomain);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(10_000, false)]
    public async Task LargeAuth_IsNotKeptParsedForTheSocketsLife(int numbers, bool isKept)
    {
        var json = $$"""{"numbers":[{{string.Join(',', Enumerable.Repeat(7, numbers))}}]}""";
        var seen = new TaskCompletionSource<Handshake>();
        _server.Io.OnConnection(socket => seen.SetResult(socket.Handshake));

        await _server.ConnectAsync("/", json);

        var handshake = await seen.Task;
        var (first, second) = (handshake.Auth, handshake.Auth);
        Assert.Equal(json, first.GetRawText());
        Assert.Equal(isKept, JsonMarshal.GetRawUtf8Value(first).Overlaps(JsonMarshal.GetRawUtf8Value(second)));
    }
}
