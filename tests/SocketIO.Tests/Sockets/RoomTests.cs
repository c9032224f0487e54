namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>Rooms, broadcasts and the utility methods on one server (protocol.md 2.5, 2.8, 2.11; behaviours 77-83).</summary>
public sealed class RoomTests
{
    private readonly TestServer _server = new();

    public RoomTests() => TestClient.AnswerPings(_server.Io);

    [Fact]
    public async Task Broadcasts_ReachThoseWhomTheyName()
    {
        _server.Io.Of("/x");
        var (a, b, c) = await ThreeAsync();
        await b.EnterAsync("/x");
        await _server.Io.Of("/x").SocketsJoinAsync("room");
        var socket = _server.Io.Sockets[a.SocketId];
        await socket.JoinAsync("room");
        await _server.Io.Sockets[b.SocketId].JoinAsync("room", "other");

        await _server.Io.EmitAsync("all");
        await socket.Broadcast.EmitAsync("others");
        await socket.To("room").EmitAsync("others in room");
        await socket.To(socket.Id).EmitAsync("nobody");
        await _server.Io.To(c.SocketId).EmitAsync("one");
        await _server.Io.To("room", "other").To("room").EmitAsync("each once");
        await _server.Io.In("room").Except("other").EmitAsync("not b");
        await _server.Io.Except(a.SocketId, b.SocketId).EmitAsync("only c");
        await socket.Except("other").EmitAsync("c again");
        await _server.Io.To("unknown").EmitAsync("nobody");
        await _server.Io.Of("/x").To("room").EmitAsync("in x");
        await _server.Io.Local.EmitAsync("local");

        await a.ExpectAsync("""42["all"]""", """42["each once"]""", """42["not b"]""", """42["local"]""");
        await b.ExpectAsync(
            """42["all"]""", """42["others"]""", """42["others in room"]""", """42["each once"]""", """42/x,["in x"]""", """42["local"]""");
        await c.ExpectAsync(
            """42["all"]""", """42["others"]""", """42["one"]""", """42["only c"]""", """42["c again"]""", """42["local"]""");
        await a.ExpectSilenceAsync();
        await b.ExpectSilenceAsync();
        await c.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Broadcast_IsEncodedOnceForAll()
    {
        var (a, b, _) = await ThreeAsync();

        await _server.Io.EmitAsync("x", new byte[] { 1 });

        await a.ExpectAsync("""451-["x",{"_placeholder":true,"num":0}]""", "bAQ==");
        await b.ExpectAsync("""451-["x",{"_placeholder":true,"num":0}]""", "bAQ==");
        Assert.Same(a.Messages[^1], b.Messages[^1]);
    }

    [Fact]
    public async Task Operators_AreImmutable()
    {
        var (a, b, c) = await ThreeAsync();
        await _server.Io.In(a.SocketId).SocketsJoinAsync("r1");
        await _server.Io.In(b.SocketId).SocketsJoinAsync("r2");
        var one = _server.Io.To("r1");

        var both = one.To("r2");
        _ = one.Except("r1");
        _ = one.Local.Volatile.Compress(false).Timeout(TimeSpan.FromSeconds(1));
        await one.EmitAsync("one");
        await both.EmitAsync("both");

        await a.ExpectAsync("""42["one"]""", """42["both"]""");
        await b.ExpectAsync("""42["both"]""");
        await c.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Join_TakesEffectBeforeItReturns()
    {
        var (a, b, _) = await ThreeAsync();
        var socket = _server.Io.Sockets[a.SocketId];

        var joined = socket.JoinAsync("room");
        await _server.Io.To("room").EmitAsync("x");
        await joined;

        await a.ExpectAsync("""42["x"]""");
        await b.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Rooms_ShowOwnIdAndJoinedRooms()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        Assert.Equal([socket.Id], socket.Rooms);

        await socket.JoinAsync("a", "b", "c");
        await socket.JoinAsync(new List<string> { "d" });
        await socket.LeaveAsync("b");
        await socket.LeaveAsync("never joined");

        Assert.Equal([socket.Id, "a", "c", "d"], socket.Rooms);
        Assert.Equal(1, await _server.Io.RoomSizeAsync("a"));
        Assert.Equal(0, await _server.Io.RoomSizeAsync("b"));
        Assert.Equal(1, await _server.Io.SocketCountAsync());
        Assert.Equal(1, await _server.Io.ServerCountAsync());
    }

    [Fact]
    public async Task Join_AfterDisconnect_IsIgnored()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        await socket.DisconnectAsync();

        await socket.JoinAsync("room");

        Assert.Empty(socket.Rooms);
        Assert.Empty(_server.Io.Adapter.Rooms);
    }

    [Fact]
    public async Task RoomSizes_AreTold()
    {
        var sizes = new TestKit.Inbox<(string, int)>(() => "the listener");
        var watch = _server.Io.OnRoomSizeChanged(size => sizes.Add((size.Room, size.Sockets)));
        var (a, b, _) = await ThreeAsync();

        await _server.Io.In(a.SocketId, b.SocketId).SocketsJoinAsync("room");
        await sizes.TakeAsync(size => size == ("room", 2), "the second join");
        await _server.Io.In(a.SocketId).SocketsLeaveAsync("room");
        await sizes.TakeAsync(size => size == ("room", 1), "the leave");
        watch.Dispose();
    }

    [Fact]
    public async Task FetchSockets_OnOneServer_GivesTheSocketsThemselves()
    {
        var (a, b, _) = await ThreeAsync();
        await _server.Io.In(a.SocketId, b.SocketId).SocketsJoinAsync("room");

        var all = await _server.Io.FetchSocketsAsync();
        var some = await _server.Io.In("room").Except(b.SocketId).FetchSocketsAsync();
        foreach (var socket in some)
        {
            await socket.JoinAsync("next");
        }

        Assert.Equal(3, all.Count);
        Assert.Same(_server.Io.Sockets[a.SocketId], Assert.Single(some));
        Assert.Contains("next", _server.Io.Sockets[a.SocketId].Rooms);
    }

    [Fact]
    public async Task DisconnectSockets_DisconnectsTheSelected()
    {
        _server.Io.Of("/x");
        var (a, b, c) = await ThreeAsync();
        await b.EnterAsync("/x");
        await _server.Io.In(a.SocketId, b.SocketId).SocketsJoinAsync("room");

        await _server.Io.In(a.SocketId).EmitAsync("bye");
        await _server.Io.In(a.SocketId).DisconnectSocketsAsync();
        await _server.Io.In("room").DisconnectSocketsAsync(close: true);

        await a.ExpectAsync("""42["bye"]""", "41");
        Assert.True(a.IsOpen);
        var farewell = new[] { await b.NextAsync(), await b.NextAsync() };
        Assert.Equal(["41", "41/x,"], farewell.Order());
        await b.ExpectCloseAsync();
        await c.ExpectSilenceAsync();
    }

    [Fact]
    public async Task ServerSideEmit_OnOneServer_ReachesNobodyAndAnswersAtOnce()
    {
        _server.Io.OnServerEvent<string>("x", _ => Assert.Fail("A server never hears itself."));

        await _server.Io.ServerSideEmitAsync("x", "y");

        Assert.Empty(await _server.Io.ServerSideEmitWithAckAsync<int>("x", "y"));
        Assert.Throws<ArgumentException>(() => { _ = _server.Io.ServerSideEmitAsync("connection").AsTask(); });
        Assert.Throws<ArgumentException>(() => _server.Io.OnServerEvent("new_namespace", () => { }));
    }

    private async Task<(TestClient A, TestClient B, TestClient C)> ThreeAsync() =>
        (await _server.ConnectAsync(), await _server.ConnectAsync(), await _server.ConnectAsync());
}
