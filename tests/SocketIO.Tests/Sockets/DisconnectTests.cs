using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>The end of sockets (protocol.md 2.9; behaviours 87-89).</summary>
public sealed class DisconnectTests
{
    private readonly TestServer _server = new();
    private readonly Inbox<string> _heard = new(() => "the server");

    public DisconnectTests()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.OnDisconnecting(reason => _heard.Add(
                $"disconnecting {reason.ToProtocolString()} rooms={socket.Rooms.Count} known={_server.Io.Sockets.ContainsKey(socket.Id)}"));
            socket.OnDisconnect(reason => _heard.Add(
                $"disconnect {reason.ToProtocolString()} rooms={socket.Rooms.Count} known={_server.Io.Sockets.ContainsKey(socket.Id)}"));
        });
        TestClient.AnswerPings(_server.Io);
    }

    public static TheoryData<CloseReason, string> EngineReasons => new()
    {
        { CloseReason.TransportClose, "transport close" },
        { CloseReason.TransportError, "transport error" },
        { CloseReason.PingTimeout, "ping timeout" },
        { CloseReason.ParseError, "parse error" },
        { CloseReason.ForcedClose, "forced close" },
        { CloseReason.ServerShuttingDown, "server shutting down" },
    };

    [Theory]
    [MemberData(nameof(EngineReasons))]
    public async Task ConnectionEnds_SocketHearsWhy(CloseReason reason, string text)
    {
        var client = await _server.ConnectAsync();
        await _server.Io.Sockets[client.SocketId].JoinAsync("room");
        await client.ExpectSilenceAsync();

        client.End(reason, "because");

        await ExpectAsync($"disconnecting {text} rooms=2 known=True", $"disconnect {text} rooms=0 known=False");
        Assert.Empty(_server.Io.Adapter.Rooms);
    }

    [Fact]
    public async Task ClientLeaves_SocketHearsThat()
    {
        var client = await _server.ConnectAsync();

        client.Say("41");

        await ExpectAsync(
            "disconnecting client namespace disconnect rooms=1 known=True", "disconnect client namespace disconnect rooms=0 known=False");
        Assert.True(client.IsOpen);
    }

    [Fact]
    public async Task ServerDisconnects_ClientIsToldAndSocketIsGoneAfterwards()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        await client.ExpectSilenceAsync();

        await socket.DisconnectAsync();

        Assert.False(socket.Connected);
        Assert.True(socket.Disconnected.IsCancellationRequested);
        Assert.Empty(_server.Io.Sockets);
        await client.ExpectAsync("41");
        await ExpectAsync(
            "disconnecting server namespace disconnect rooms=1 known=True", "disconnect server namespace disconnect rooms=0 known=False");
        await socket.DisconnectAsync();
        Assert.Empty(client.Waiting);
    }

    [Fact]
    public async Task ServerClosesConnection_EmitsGoFirstThenOneDisconnectPerNamespaceThenTheEnd()
    {
        _server.Io.Of("/b");
        var client = await _server.ConnectAsync();
        await client.EnterAsync("/b");
        var socket = _server.Io.Sockets[client.SocketId];

        await socket.EmitAsync("last");
        await socket.DisconnectAsync(close: true);

        await client.ExpectAsync("""42["last"]""", "41", "41/b,", "close");
        Assert.Empty(_server.Io.Of("/b").Sockets);
    }

    [Fact]
    public async Task Disconnect_DuringHandler_CompletesWithoutWaitingForTheHandler()
    {
        _server.Io.OnConnection(socket => socket.On("leave", async (EventContext c) =>
        {
            await socket.DisconnectAsync();
            _heard.Add("left");
        }));
        var client = await _server.ConnectAsync();

        client.Say("""42["leave"]""");

        await client.ExpectAsync("41");
        await _heard.TakeAsync(heard => heard == "left", "the handler's end");
    }

    [Fact]
    public async Task EventsBeforeDisconnect_AreHandledBeforeIt()
    {
        _server.Io.OnConnection(socket => socket.On<string>("bye", word => _heard.Add($"bye {word}")));
        var client = await _server.ConnectAsync();

        client.Say("""42["bye","now"]""", "41");

        await ExpectAsync("bye now", "disconnecting client namespace disconnect rooms=1 known=True");
    }

    [Fact]
    public async Task DisconnectedToken_IsCancelledWhenConnectionEnds()
    {
        var tokens = new Inbox<CancellationToken>(() => "the handler");
        _server.Io.OnConnection(socket => socket.On("work", async (EventContext c) =>
        {
            tokens.Add(c.Aborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.Aborted);
        }));
        var errors = 0;
        _server.Io.OnConnection(socket => socket.OnError(_ => errors++));
        var client = await _server.ConnectAsync();
        client.Say("""42["work"]""");
        var token = await tokens.TakeAsync(_ => true, "the token");
        var cancelled = new TaskCompletionSource();
        token.Register(cancelled.SetResult);

        client.End();

        await cancelled.Task.WaitAsync(Inbox<string>.DefaultTimeout);
        await ExpectAsync("disconnecting transport close rooms=1 known=True");
        Assert.Equal(0, errors);
    }

    [Fact]
    public async Task DisconnectListener_ThatThrows_DoesNotKeepOthersFromHearing()
    {
        _server.Io.OnConnection(socket =>
        {
            socket.OnDisconnect(_ => throw new InvalidOperationException("first"));
            socket.OnDisconnect((_, description) =>
            {
                _heard.Add($"second {description}");
                return Task.CompletedTask;
            });
        });
        var client = await _server.ConnectAsync();
        await client.ExpectSilenceAsync();

        client.End(CloseReason.TransportError, "cable cut");

        await _heard.TakeAsync(heard => heard == "second cable cut", "the second listener");
    }

    [Fact]
    public async Task CloseAsync_DisconnectsEverybodyWithoutWord()
    {
        var client = await _server.ConnectAsync();
        await client.ExpectSilenceAsync();

        await _server.Io.CloseAsync();

        await ExpectAsync(
            "disconnecting server shutting down rooms=1 known=True", "disconnect server shutting down rooms=0 known=False");
        Assert.Empty(client.Waiting);
        var late = _server.Open();
        late.Say("40");
        Assert.Empty(late.Waiting);
    }

    [Fact]
    public async Task CloseAsync_ListenerThatDoesNotEnd_IsLeftBehindWhenItsTimeIsUp()
    {
        var time = new FakeTimeProvider();
        using var logs = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var server = new TestServer(o => o.ShutdownTimeout = TimeSpan.FromSeconds(3), time, loggers: loggers);
        server.Io.OnConnection(socket => socket.OnDisconnect(async (_, _) =>
        {
            _heard.Add("listening");
            await new TaskCompletionSource().Task;
        }));
        await server.ConnectAsync();

        var closed = server.Io.CloseAsync();
        await ExpectAsync("listening");
        Assert.False(closed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));

        await closed.WaitAsync(Inbox<string>.DefaultTimeout);
        Assert.Contains(logs.Collector.GetSnapshot(), record => record.Id.Name == "ListenersAbandoned");
    }

    private async Task ExpectAsync(params string[] heard)
    {
        foreach (var line in heard)
        {
            Assert.Equal(line, await _heard.TakeAsync(_ => true, line));
        }
    }
}
