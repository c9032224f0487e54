using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Tests.Connections;

/// <summary>How a client enters namespaces, and what costs it the connection (protocol.md 2.2; behaviours 43, 51-56, 59).</summary>
public sealed class ConnectTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task Connect_ToMainNamespace_IsAnsweredWithOnlyTheSocketId()
    {
        var client = _server.Open();

        client.Say("40");

        var reply = await client.NextAsync();
        Assert.Matches("""^40\{"sid":"[A-Za-z0-9_-]{20}"\}$""", reply);
    }

    [Theory]
    [InlineData("40", "{}")]
    [InlineData("""40{"token":"123"}""", """{"token":"123"}""")]
    public async Task Connect_WithAuth_HandlersSeeIt(string connect, string auth)
    {
        _server.Io.OnConnection(async socket => await socket.EmitAsync("auth", socket.Handshake.Auth));
        var client = _server.Open();

        client.Say(connect);

        await client.NextAsync();
        await client.ExpectAsync($"""42["auth",{auth}]""");
    }

    [Theory]
    [InlineData("40/custom,")]
    [InlineData("40/custom")]
    public async Task Connect_ToOtherNamespace_AnswerNamesIt(string connect)
    {
        _server.Io.Of("custom");
        var client = _server.Open();

        client.Say(connect);

        Assert.StartsWith("""40/custom,{"sid":""", await client.NextAsync());
    }

    [Fact]
    public async Task Connect_ToUnknownNamespace_IsRefusedAndConnectionStaysUsable()
    {
        var client = _server.Open();

        client.Say("40/random", "40/random?x=1,");

        await client.ExpectAsync(
            """44/random,{"message":"Invalid namespace"}""", """44/random?x=1,{"message":"Invalid namespace"}""");
        await client.EnterAsync("/");
    }

    [Fact]
    public async Task Connect_ToTwoNamespaces_EachHasItsOwnId()
    {
        _server.Io.Of("/a");
        var client = await _server.ConnectAsync("/");

        await client.EnterAsync("/a");

        Assert.NotEqual(client.SocketIds["/"], client.SocketIds["/a"]);
        Assert.DoesNotContain(client.Id, client.SocketIds.Values);
        Assert.True(_server.Io.Sockets.ContainsKey(client.SocketIds["/"]));
        Assert.True(_server.Io.Of("/a").Sockets.ContainsKey(client.SocketIds["/a"]));
    }

    [Theory]
    [InlineData("40")]
    [InlineData("44{}")]
    [InlineData("""42/a,["x"]""")]
    public async Task Packet_AgainstTheOrderOfThings_ClosesConnection(string packet)
    {
        var client = await _server.ConnectAsync();

        client.Say(packet);

        await client.ExpectCloseAsync();
    }

    [Theory]
    [InlineData("""42["x"]""")]
    [InlineData("41")]
    [InlineData("43[]")]
    public async Task Packet_BeforeConnect_ClosesConnection(string packet)
    {
        var client = _server.Open();

        client.Say(packet);

        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Event_WhileMiddlewareIsPending_ClosesConnection()
    {
        var pending = new TaskCompletionSource();
        _server.Io.Use(async (_, next) =>
        {
            await pending.Task;
            await next();
        });
        var client = _server.Open();

        client.Say("40", """42["x"]""");

        await client.ExpectCloseAsync();
        pending.SetResult();
    }

    [Fact]
    public async Task Event_AfterClientLeft_ClosesConnection()
    {
        var client = await _server.ConnectAsync();

        client.Say("41", """42["x"]""");

        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Disconnect_OfOneNamespace_IsNotAnsweredAndLeavesTheOther()
    {
        TestClient.AnswerPings(_server.Io);
        _server.Io.Of("/custom");
        var client = await _server.ConnectAsync("/custom");
        await client.EnterAsync("/");

        client.Say("41/custom,");

        await client.ExpectSilenceAsync();
        await client.EnterAsync("/custom");
    }

    [Fact]
    public async Task Packets_ForNamespaceThatTheServerLeft_AreIgnoredUntilTheClientReturns()
    {
        TestClient.AnswerPings(_server.Io);
        _server.Io.Of("/a").OnConnection(socket => socket.On("leave", (EventContext _) => socket.DisconnectAsync()));
        var client = await _server.ConnectAsync("/");
        await client.EnterAsync("/a");

        client.Say("""42/a,["leave"]""");
        await client.ExpectAsync("41/a,");
        client.Say("""42/a,["in flight"]""", "41/a,");

        await client.ExpectSilenceAsync();
        await client.EnterAsync("/a");
        client.Say("41/a,", """42/a,["x"]""");
        await client.ExpectCloseAsync();
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("4")]
    [InlineData("42{}")]
    [InlineData("42abc[\"x\"]")]
    [InlineData("42[]")]
    [InlineData("""42["connect"]""")]
    [InlineData("40[]")]
    [InlineData("49")]
    [InlineData("451[\"x\"]")]
    public async Task Packet_Malformed_ClosesConnectionAfterErrorAndDisconnect(string packet)
    {
        var heard = new TestKit.Inbox<string>(() => "the socket");
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(e => heard.Add(e.GetType().Name));
            socket.OnDisconnect(reason => heard.Add(reason.ToProtocolString()));
        });
        var client = await _server.ConnectAsync();

        client.Say(packet);

        await client.ExpectCloseAsync();
        Assert.Equal("PacketFormatException", await heard.TakeAsync(_ => true, "the error"));
        Assert.Equal("forced close", await heard.TakeAsync(_ => true, "the disconnect"));
    }

    [Fact]
    public async Task Connection_ThatEntersNoNamespace_IsClosedAfterConnectTimeout()
    {
        var time = new FakeTimeProvider();
        var server = new TestServer(o => o.ConnectTimeout = TimeSpan.FromSeconds(1), time);
        var entered = await server.ConnectAsync();
        var refused = server.Open();
        refused.Say("40/nothing");
        await refused.NextAsync();
        var silent = server.Open();

        time.Advance(TimeSpan.FromSeconds(1));

        await silent.ExpectCloseAsync();
        await refused.ExpectCloseAsync();
        Assert.True(entered.IsOpen);
    }

    [Fact]
    public async Task Connect_BeyondTheLimit_IsRefusedAndConnectionStays()
    {
        var server = new TestServer(o => o.MaxNamespacesPerConnection = 2);
        server.Io.Of("/a");
        server.Io.Of("/b");
        var client = await server.ConnectAsync("/");
        await client.EnterAsync("/a");

        client.Say("40/b,");

        await client.ExpectAsync("""44/b,{"message":"Too many namespaces"}""");
        client.Say("41/a,");
        await client.EnterAsync("/b");
    }

    [Fact]
    public async Task Connect_WithTooMuchAuth_IsRefusedAndConnectionStays()
    {
        var server = new TestServer(o => o.MaxAuthBytes = 20);
        var client = server.Open();

        client.Say("""40{"token":"0123456789"}""");

        await client.ExpectAsync("""44{"message":"auth has more than 20 bytes"}""");
        client.Say("""40{"token":"01234567"}""");
        Assert.StartsWith("40{", await client.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AgainWhileFirstIsPending_OnlyTheLastIsAnswered()
    {
        var gates = new Queue<TaskCompletionSource>([new(), new()]);
        var waiting = new TestKit.Inbox<TaskCompletionSource>(() => "the middleware");
        _server.Io.Use(async (_, next) =>
        {
            var gate = gates.Dequeue();
            waiting.Add(gate);
            await gate.Task;
            await next();
        });
        var connections = 0;
        _server.Io.OnConnection(_ => { Interlocked.Increment(ref connections); });
        TestClient.AnswerPings(_server.Io);
        var client = _server.Open();

        client.Say("40");
        var first = await waiting.TakeAsync(_ => true, "the first attempt");
        client.Say("40");
        var second = await waiting.TakeAsync(_ => true, "the second attempt");
        first.SetResult();
        second.SetResult();

        Assert.StartsWith("40{", await client.NextAsync());
        await client.ExpectSilenceAsync();
        Assert.Equal(1, connections);
        Assert.Single(_server.Io.Sockets);
    }

    [Fact]
    public async Task Connect_WhenClientLeavesDuringMiddleware_FiresNothingAndLeavesNothingBehind()
    {
        var reached = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var passed = new TaskCompletionSource();
        _server.Io.Use(async (socket, next) =>
        {
            await socket.JoinAsync("waiting");
            reached.SetResult();
            await gate.Task;
            await next();
            passed.SetResult();
        });
        var connections = 0;
        _server.Io.OnConnection(_ => { connections++; });
        var left = new TaskCompletionSource();
        _server.Io.Adapter.RoomDeleted += room => left.TrySetResult();
        var client = _server.Open();
        client.Say("40");
        await reached.Task;

        client.End();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        gate.SetResult();

        await passed.Task;
        Assert.Equal(0, connections);
        Assert.Empty(_server.Io.Sockets);
        Assert.Empty(_server.Io.Adapter.Rooms);
    }
}
