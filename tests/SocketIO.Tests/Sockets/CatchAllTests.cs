using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>Catch-all listeners and per-packet middlewares (protocol.md 2.3, 2.6; behaviours 67, 86).</summary>
public sealed class CatchAllTests
{
    private readonly TestServer _server = new();
    private readonly Inbox<string> _heard = new(() => "the listeners");

    public CatchAllTests() => TestClient.AnswerPings(_server.Io);

    [Fact]
    public async Task OnAny_HearsEveryEventInOrderOfRegistrationAndBeforeMiddlewares()
    {
        IDisposable? second = null;
        _server.Io.OnConnection(socket =>
        {
            socket.OnAny(e => _heard.Add($"first {e.EventName} {e.Count}"));
            second = socket.OnAny(async e =>
            {
                await Task.CompletedTask;
                _heard.Add("second");
            });
            socket.PrependAny(_ => _heard.Add("zeroth"));
            socket.Use((packet, next) => packet.EventName == "refused" ? throw new InvalidOperationException() : next());
            socket.On("handled", () => _heard.Add("handler"));
        });
        var client = await _server.ConnectAsync();

        client.Say("""42["handled",1,2]""", """42["refused"]""");
        await ExpectAsync("zeroth", "first handled 2", "second", "handler", "zeroth", "first refused 0", "second");

        second!.Dispose();
        client.Say("""42["unknown"]""");
        await ExpectAsync("zeroth", "first unknown 0");

        _server.Io.Sockets[client.SocketId].OffAny();
        await client.ExpectSilenceAsync();
        Assert.Empty(_heard.Waiting);
    }

    [Fact]
    [Trait("Behaviour", "67")]
    public async Task AnyListeners_AreThoseThatWereGivenInTheOrderOfTheirCalls()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        Action<EventContext> first = _ => { };
        Func<EventContext, Task> second = _ => Task.CompletedTask;
        Action<OutgoingEvent> outgoing = _ => { };
        Assert.Empty(socket.AnyListeners);

        socket.OnAny(second);
        socket.PrependAny(first);
        var registration = socket.OnAnyOutgoing(outgoing);

        Assert.Equal([first, second], socket.AnyListeners);
        Assert.Equal([outgoing], socket.AnyOutgoingListeners);

        socket.OffAny();
        registration.Dispose();
        Assert.Empty(socket.AnyListeners);
        Assert.Empty(socket.AnyOutgoingListeners);
    }

    [Fact]
    public async Task OnAnyOutgoing_HearsEmitsAndBroadcastsButNoAcks()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.OnAnyOutgoing(e => _heard.Add($"{e.EventName} {string.Join(',', e.Get<byte[]>(0) ?? [])}"));
            socket.PrependAnyOutgoing(_ => _heard.Add("prepended"));
        });
        var client = await _server.ConnectAsync();
        await client.ExpectSilenceAsync();
        var socket = _server.Io.Sockets[client.SocketId];

        await socket.EmitAsync("direct", new byte[] { 1, 2 });
        await _server.Io.EmitAsync("broadcast", new byte[] { 3 });
        _ = socket.EmitWithAckAsync("asking");

        await ExpectAsync("prepended", "direct 1,2", "prepended", "broadcast 3", "prepended", "asking ");
        socket.OffAnyOutgoing();
        await socket.EmitAsync("unheard");
        client.Say("43[]");
        Assert.Empty(_heard.Waiting);
    }

    [Fact]
    public async Task OnAny_ThatThrows_KeepsNobodyFromHearing()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(e => _heard.Add(e.Message));
            socket.OnAny(_ => throw new InvalidOperationException("any"));
            socket.On("x", () => _heard.Add("handler"));
        });
        var client = await _server.ConnectAsync();

        client.Say("""42["x"]""");

        await ExpectAsync("any", "handler");
    }

    [Fact]
    public async Task Use_MayRewriteNameAndArguments()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.Use(async (packet, next) =>
            {
                await Task.Yield();
                Assert.True(packet.ExpectsAck);
                packet.EventName = "renamed";
                packet.Args[0] = packet.Get<int>(0) + 1;
                packet.Args.Add(new byte[] { 7 });
                Assert.Equal(2, packet.Get<int>(0));
                await next();
            });
            socket.On("renamed", (int a, string b, byte[] c) => $"{a} {b} {c[0]}");
        });
        var client = await _server.ConnectAsync();

        client.Say("""425["original",1,"two"]""");

        await client.ExpectAsync("""435["2 two 7"]""");
    }

    [Fact]
    public async Task Use_LettingAttachmentsThrough_KeepsThemApart()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.Use((packet, next) =>
            {
                packet.Args.RemoveAt(0);
                return next();
            });
            socket.On("x", (byte[] a, byte[] b) => new[] { a[0], b[0] }.Sum(n => n));
        });
        var client = await _server.ConnectAsync();

        client.Say("""452-5["x",0,{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]""");
        client.Say([1]);
        client.Say([20]);

        await client.ExpectAsync("435[21]");
    }

    [Fact]
    public async Task Use_Refusing_IsHeardOnTheServerOnly()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.OnError(e => _heard.Add(e.Message));
            socket.Use((packet, next) => packet.EventName == "secret" ? throw new InvalidOperationException("no") : next());
            socket.Use((_, next) => next());
            socket.On("secret", () => _heard.Add("handled"));
        });
        var client = await _server.ConnectAsync();

        client.Say("""425["secret"]""");

        await ExpectAsync("no");
        await client.ExpectSilenceAsync();
        Assert.Empty(_heard.Waiting);
    }

    private async Task ExpectAsync(params string[] heard)
    {
        foreach (var line in heard)
        {
            Assert.Equal(line, await _heard.TakeAsync(_ => true, line));
        }
    }
}
