using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>Events in both directions (protocol.md 2.5-2.7; behaviours 60-66, 70, 71).</summary>
public sealed class EventTests
{
    private static readonly string[] BinaryEvent = ["""452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"""];

    private readonly TestServer _server = new();

    [Fact]
    public async Task Event_WithSeveralArguments_IsEchoedByteForByte()
    {
        _server.Io.OnConnection(socket => socket.On(
            "message", async (int a, string b, System.Text.Json.JsonElement c) => await socket.EmitAsync("message-back", a, b, c)));
        var client = await _server.ConnectAsync();

        client.Say("""42["message",1,"2",{"3":[true]}]""");

        await client.ExpectAsync("""42["message-back",1,"2",{"3":[true]}]""");
    }

    [Fact]
    public async Task Handler_WhoseAnswerCannotTravel_IsRefusedWhereItIsRegistered()
    {
        var mistakes = new TaskCompletionSource<string[]>();
        _server.Io.OnConnection(socket => mistakes.SetResult(
        [
            MistakeOf(() => socket.On<int, (int, int)>("a", a => (a, a))),
            MistakeOf(() => socket.Once("a", () => Task.FromResult((1, 2)))),
            MistakeOf(() => _server.Io.OnServerEvent<int, IAsyncEnumerable<int>>("a", a => AsyncEnumerable.Empty<int>())),
        ]));
        await _server.ConnectAsync();

        Assert.Collection(
            await mistakes.Task.WaitAsync(Inbox<int>.DefaultTimeout),
            mistake => Assert.StartsWith("The handler returns a tuple, which JSON writes as {}", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("The handler returns a tuple", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("The handler returns a stream", mistake, StringComparison.Ordinal));

        static string MistakeOf(Action register) => Assert.Throws<ArgumentException>(register).Message;
    }

    [Fact]
    public async Task Event_WithAttachments_TravelsAsFramesInOrder()
    {
        _server.Io.OnConnection(socket => socket.On(
            "message", async (byte[] a, byte[] b) => await socket.EmitAsync("message-back", a, b)));
        var client = await _server.ConnectAsync();

        client.Say(BinaryEvent);
        client.Say([1, 2, 3]);
        client.Say([4, 5, 6]);

        await client.ExpectAsync(
            """452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", "bAQID", "bBAUG");
        Assert.Equal(3, client.Messages[^1].Length);
    }

    [Fact]
    public async Task Ack_OfEventWithId_CarriesThatId()
    {
        _server.Io.OnConnection(socket => socket.On(
            "message-with-ack", (EventContext c) => c.AckAsync(c.Get<int>(0), c.Get<string>(1), c.Get<object>(2))));
        var client = await _server.ConnectAsync();

        client.Say("""42456["message-with-ack",1,"2",{"3":[false]}]""");

        await client.ExpectAsync("""43456[1,"2",{"3":[false]}]""");
    }

    [Fact]
    public async Task Ack_WithAttachments_IsBinaryAck()
    {
        _server.Io.OnConnection(socket => socket.On(
            "message-with-ack", (EventContext c) => c.AckAsync(c.Get<byte[]>(0), c.Get<byte[]>(1))));
        var client = await _server.ConnectAsync();

        client.Say("""452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""");
        client.Say([1, 2, 3]);
        client.Say([4, 5, 6]);

        await client.ExpectAsync("""462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", "bAQID", "bBAUG");
    }

    [Fact]
    public async Task Ack_GivenTwice_IsSentOnce()
    {
        _server.Io.OnConnection(socket => socket.On("twice", async (EventContext c) =>
        {
            Assert.True(c.ExpectsAck);
            await c.AckAsync(1);
            Assert.False(c.ExpectsAck);
            await c.AckAsync(2);
        }));
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();

        client.Say("""420["twice"]""");

        await client.ExpectAsync("430[1]");
        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Ack_WhenClientAskedForNone_IsNotSent()
    {
        _server.Io.OnConnection(socket => socket.On<int, int>("double", a => a * 2));
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();

        client.Say("""42["double",2]""");

        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task On_AllKindsOfHandlers_ReturnValueIsTheAck()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.On("sync", (int a, int b) => a + b);
            socket.On("task", async (int a, int b) =>
            {
                await Task.Yield();
                return a + b;
            });
            socket.On("inferred", (int a, int b) => ValueTask.FromResult(a + b));
            socket.On("none", () => "nothing");
            socket.On("context", (EventContext c) => c.AckAsync(c.EventName));
            socket.On("eight", (int a, int b, int c, int d, int e, int f, int g, int h) => new[] { a, b, c, d, e, f, g, h });
        });
        var client = await _server.ConnectAsync();

        client.Say("""421["sync",1,2]""");
        await client.ExpectAsync("431[3]");
        client.Say("""422["task",1,2]""");
        await client.ExpectAsync("432[3]");
        client.Say("""423["inferred",1,2]""");
        await client.ExpectAsync("433[3]");
        client.Say("""424["none"]""");
        await client.ExpectAsync("""434["nothing"]""");
        client.Say("""425["context"]""");
        await client.ExpectAsync("""435["context"]""");
        client.Say("""426["eight",1,2,3,4,5,6,7,8]""");
        await client.ExpectAsync("436[[1,2,3,4,5,6,7,8]]");
    }

    [Fact]
    public async Task On_WithFewerArgumentsThanParameters_PassesDefaults()
    {
        _server.Io.OnConnection(socket => socket.On("f", (int a, string? b, object? c) => $"{a}|{b}|{c is null}"));
        var client = await _server.ConnectAsync();

        client.Say("""420["f",7]""");

        await client.ExpectAsync("""430["7||True"]""");
    }

    [Fact]
    public async Task On_WithArgumentOfAnotherKind_ReportsErrorAndGoesOn()
    {
        var errors = new Inbox<Exception>(() => "the socket");
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(errors.Add);
            socket.On<int, int>("double", a => a * 2);
        });
        var client = await _server.ConnectAsync();

        client.Say("""421["double",{"no":"number"}]""", """422["double",4]""");

        await client.ExpectAsync("432[8]");
        var error = Assert.IsType<EventArgumentException>(await errors.TakeAsync(_ => true, "the error"));
        Assert.Equal(("double", 0), (error.EventName, error.Index));
    }

    [Fact]
    public async Task Handler_ThatThrows_ReportsErrorAndConnectionStays()
    {
        var errors = new Inbox<Exception>(() => "the socket");
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(errors.Add);
            socket.On("sync", (EventContext _) => throw new InvalidOperationException("sync"));
            socket.On("async", async (EventContext _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("async");
            });
        });
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();

        client.Say("""420["sync"]""");
        Assert.Equal("sync", (await errors.TakeAsync(_ => true, "the first error")).Message);
        client.Say("""421["async"]""");
        Assert.Equal("async", (await errors.TakeAsync(_ => true, "the second error")).Message);

        await client.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public async Task Emit_OfReservedName_Throws(string name)
    {
        await _server.ConnectAsync();
        var socket = _server.Io.Sockets.Values.Single();

        var thrown = Assert.Throws<ArgumentException>(() => { _ = socket.EmitAsync(name).AsTask(); });
        Assert.Equal($"\"{name}\" is a reserved event name", thrown.Message);
        Assert.Throws<ArgumentException>(() => { _ = _server.Io.EmitAsync(name).AsTask(); });
        await Assert.ThrowsAsync<ArgumentException>(() => socket.EmitWithAckAsync<int>(name));
    }

    [Fact]
    public async Task Event_NamedErrorOrNumber_IsHandled()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.On<string, string>("error", e => $"error {e}");
            socket.On<string, string>("1234", e => $"number {e}");
        });
        var client = await _server.ConnectAsync();

        client.Say("""421["error","x"]""");
        await client.ExpectAsync("""431["error x"]""");
        client.Say("""422[1234,"y"]""");
        await client.ExpectAsync("""432["number y"]""");
    }

    [Fact]
    public async Task Once_AndDisposedHandlers_RunNoMore()
    {
        _server.Io.OnConnection(socket =>
        {
            var kept = socket.On("a", () => "kept");
            var removed = socket.On("b", () => "removed");
            socket.On("b", () => "other");
            socket.Once("c", () => "once");
            removed.Dispose();
            removed.Dispose();
        });
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();

        client.Say("""421["a"]""", """422["b"]""", """423["c"]""", """424["c"]""");

        await client.ExpectAsync("""431["kept"]""", """432["other"]""", """433["once"]""");
        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Send_IsEventNamedMessage()
    {
        _server.Io.OnConnection(async socket =>
        {
            await socket.SendAsync("hello", 1);
            await socket.Namespace.SendAsync();
        });
        var client = await _server.ConnectAsync();

        await client.ExpectAsync("""42["message","hello",1]""", """42["message"]""");
    }

    [Fact]
    public async Task Emit_OfArrays_EachIsOneArgument()
    {
        _server.Io.OnConnection(async socket =>
        {
            await socket.EmitAsync("a", new[] { "x", "y" });
            await socket.EmitAsync("b", new object?[] { 1, null });
            await socket.EmitCoreAsync("c", [1, null]);
            await socket.EmitAsync("d", CancellationToken.None);
        });
        var client = await _server.ConnectAsync();

        await client.ExpectAsync("""42["a",["x","y"]]""", """42["b",[1,null]]""", """42["c",1,null]""", """42["d"]""");
    }

    [Fact]
    public async Task Emit_OnOtherNamespace_NamesIt()
    {
        _server.Io.Of("/a").OnConnection(async socket => await socket.EmitAsync("x", 1));
        var client = await _server.ConnectAsync("/a");

        await client.ExpectAsync("""42/a,["x",1]""");
    }

    [Fact]
    public async Task Emit_AfterDisconnect_IsSilentlyDropped()
    {
        _server.Io.Of("/a");
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync("/");
        await client.EnterAsync("/a");
        var socket = _server.Io.Of("/a").Sockets[client.SocketIds["/a"]];
        client.Say("41/a,");

        await socket.EmitAsync("x");

        await client.ExpectSilenceAsync();
        client.End();
        await socket.EmitAsync("x");
    }

    [Fact]
    public async Task Volatile_WhenTransportIsBusy_IsDropped()
    {
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];

        client.IsWritable = false;
        await socket.Volatile.EmitAsync("a");
        await _server.Io.Volatile.EmitAsync("b");
        client.IsWritable = true;
        await socket.Volatile.EmitAsync("c");
        await _server.Io.Volatile.EmitAsync("d");

        await client.ExpectAsync("""42["c"]""", """42["d"]""");
    }

    [Fact]
    public async Task Compress_False_ReachesTheTransport()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];

        await socket.Compress(false).EmitAsync("a");
        await client.ExpectAsync("""42["a"]""");
        Assert.Equal(EngineIO.SendFlags.NoCompress, client.LastFlags);

        await _server.Io.Compress(false).EmitAsync("b");
        await client.ExpectAsync("""42["b"]""");
        Assert.Equal(EngineIO.SendFlags.NoCompress, client.LastFlags);

        await _server.Io.Compress(false).Compress(true).EmitAsync("c");
        await client.ExpectAsync("""42["c"]""");
        Assert.Equal(EngineIO.SendFlags.None, client.LastFlags);
    }

    [Fact]
    public async Task Emit_WithCancelledToken_EmitsNothing()
    {
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => socket.EmitAsync("a", cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _server.Io.EmitAsync("a", 1, cancelled).AsTask());

        await client.ExpectSilenceAsync();
    }
}
