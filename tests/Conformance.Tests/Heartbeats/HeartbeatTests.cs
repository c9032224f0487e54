using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using System.Net;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Heartbeats;

/// <summary>Heartbeats and deadlines (section E of the acceptance list).</summary>
public sealed class HeartbeatTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static readonly Action<SocketIOOptions> Fast = options =>
    {
        options.PingInterval = TimeSpan.FromMilliseconds(300);
        options.PingTimeout = TimeSpan.FromMilliseconds(200);
    };

    private static readonly Action<SocketIOOptions> FastButPatient = options =>
    {
        options.PingInterval = TimeSpan.FromMilliseconds(100);
        options.PingTimeout = Long;
    };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    [Trait("Behaviour", "40")]
    public async Task WebSocket_ThreeRounds()
    {
        var server = await StartAsync(options: FastButPatient);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address, answerPings: false);
        await using var opened = socket;

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("2", (await socket.NextAsync()).Text);
            await socket.SendAsync("3");
        }
    }

    [Fact]
    [Trait("Behaviour", "40")]
    public async Task Polling_ThreeRounds()
    {
        var server = await StartAsync(options: FastButPatient);
        using var polling = await RawPolling.OpenAsync(server.Address);

        for (var round = 0; round < 3; round++)
        {
            using var response = await polling.GetAsync();
            Assert.Equal("2", await response.Content.ReadAsStringAsync());
            await polling.SendAsync("3");
        }
    }

    [Fact]
    [Trait("Behaviour", "41")]
    public async Task WebSocket_NoPong_IsClosed()
    {
        var reason = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(
            io => io.OnConnection(socket => socket.OnDisconnect(r => reason.SetResult(r.ToProtocolString()))), Fast, WithTime);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address, answerPings: false);
        await using var opened = socket;
        await socket.SendAsync("40");
        await socket.NextAsync();

        await PassUntilAsync(socket.WaitForCloseAsync());

        Assert.Equal("ping timeout", await reason.Task.WaitAsync(Long));
    }

    [Fact]
    [Trait("Behaviour", "41")]
    public async Task Polling_NoPongAndNoPoll_IsClosed()
    {
        var reason = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(
            io => io.OnConnection(socket => socket.OnDisconnect(r => reason.SetResult(r.ToProtocolString()))), Fast, WithTime);
        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        Assert.StartsWith("40", await polling.NextAsync(), StringComparison.Ordinal);

        await PassUntilAsync(reason.Task);

        Assert.Equal("ping timeout", await reason.Task);
        using var response = await polling.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "42")]
    public async Task Ping_FromTheClient_EndsTheSession()
    {
        var server = await StartAsync();
        using var polling = await RawPolling.OpenAsync(server.Address);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        using var post = await polling.PostAsync("2");
        await socket.SendAsync("2");

        await socket.WaitForCloseAsync();
        using var response = await polling.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "43")]
    public async Task Connection_WithoutANamespaceInTime_IsClosed()
    {
        var server = await StartAsync(
            SuiteServer.ConfigureEcho, options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300), WithTime);
        var (silent, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = silent;
        var (refused, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var openedToo = refused;
        await using var joined = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await refused.SendAsync("40/nowhere,");
        Assert.Equal("44/nowhere,{\"message\":\"Invalid namespace\"}", (await refused.NextAsync()).Text);

        await PassUntilAsync(Task.WhenAll(silent.WaitForCloseAsync(), refused.WaitForCloseAsync()));

        await joined.SendAsync("42[\"message\",1]");
        Assert.Equal("42[\"message-back\",1]", (await joined.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "44")]
    [MemberData(nameof(PlainTransports))]
    public async Task Client_Idle_StaysConnected(string transport)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho, FastButPatient);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.RunAsync(
            """
            (socket) => new Promise((done) => {
              let pings = 0;
              socket.io.on("ping", () => ++pings === 10 && done());
            })
            """);

        Assert.Equal(1, (await client.EmitWithAckAsync("message-with-ack", 1)).GetInt32());
        Assert.DoesNotContain(client.Waiting, e => e.Name == "disconnect");
    }

    [Theory]
    [Trait("Behaviour", "44")]
    [MemberData(nameof(PlainTransports))]
    public async Task Client_OfAServerThatStalls_ReportsAPingTimeout(string transport)
    {
        // The server's time stands still, so it pings nobody; the client's does not.
        var server = await StartAsync(
            options: options => (options.PingInterval, options.PingTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            builder: WithTime);
        var client = await Js.ConnectAsync(
            server.Address.ToString(), new { reconnection = false, transports = new[] { transport } });

        Assert.Equal("ping timeout", (await client.NextAsync("disconnect")).Get<string>());
    }

    private void WithTime(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(_time);

    // In steps that are small beside the intervals of the tests.
    private Task PassUntilAsync(Task done) => _time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(5), done);
}
