using System.Net.WebSockets;
using System.Text;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>A handler that has enough to do is told nothing more until it is ready again.</summary>
public sealed class BackPressureTests
{
    private static readonly string[] Messages = ["a", "b", "c"];

    // Completes when the engine has asked for the first time whether the handler is ready.
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _tooEarly = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSocket_IsReadOnWhenTheHandlerIsReady(bool compressed)
    {
        await using var host = await StartAsync(options => options.PerMessageDeflate = compressed ? new PerMessageDeflateOptions() : null);
        using var socket = new ClientWebSocket();
        socket.Options.DangerousDeflateOptions = compressed ? new WebSocketDeflateOptions() : null;
        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/socket.io/?EIO=4&transport=websocket"), CancellationToken.None);
        var session = await host.NextSessionAsync();

        foreach (var message in Messages)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"4{message}"), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        await BecomeReadyAsync(host, session);

        foreach (var message in Messages) Assert.Equal(message, await session.NextMessageAsync());
        Assert.Empty(_tooEarly);
    }

    [Fact]
    public async Task Post_IsWorkedOffAndAnsweredWhenTheHandlerIsReady()
    {
        await using var host = await StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        var posted = client.SendAsync("4a\u001e4b\u001e4c");
        await BecomeReadyAsync(host, session);

        await posted;
        foreach (var message in Messages) Assert.Equal(message, await session.NextMessageAsync());
        Assert.Empty(_tooEarly);
    }

    [Fact]
    public async Task Session_WhoseHandlerIsNeverReady_EndsWithPingTimeoutAndLetsTheServerClose()
    {
        await using var host = await StartAsync(options =>
        {
            options.PingInterval = TimeSpan.FromMilliseconds(100);
            options.PingTimeout = TimeSpan.FromMilliseconds(100);
        });
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        await socket.SendAsync("4a");

        Assert.Equal(CloseReason.PingTimeout, (await session.Closed).Reason);
        _ready.SetResult();
        Assert.Equal("a", await session.NextMessageAsync());
        await host.Server.CloseAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<EngineHost> StartAsync(Action<EngineIOOptions>? configure = null) => EngineHost.StartAsync(
        configure,
        onAccept: session =>
        {
            session.OnMessageInstead = (data, _) =>
            {
                var text = Encoding.UTF8.GetString(data.Span);
                if (text != "a" && !_ready.Task.IsCompleted) _tooEarly.Add(text);
                session.Send(text);
            };
            session.Ready = () =>
            {
                _asked.TrySetResult();
                return _ready.Task;
            };
        });

    // Others are served meanwhile, which also gives the engine time to be wrong.
    private async Task BecomeReadyAsync(EngineHost host, EchoSession session)
    {
        await _asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var (other, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = other;
        var otherSession = await host.NextSessionAsync();
        otherSession.Ready = null;
        await other.SendAsync("4a");
        Assert.Equal("4a", (await other.NextAsync()).Text);
        Assert.False(session.HasClosed);
        _ready.SetResult();
    }
}
