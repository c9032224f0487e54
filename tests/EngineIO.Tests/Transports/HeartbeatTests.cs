using System.Net.WebSockets;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Sessions;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>The heartbeat over the wire, with the times that the official protocol suites use where a client stays away.</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Trait("Behaviour", "40")]
    public async Task Polling_OverThreeRounds_StaysOpen()
    {
        await using var host = await StartPatientAsync();
        using var client = await RawPolling.OpenAsync(host.Address);

        for (var round = 0; round < 3; round++)
        {
            using var poll = await client.GetAsync();
            Assert.Equal("2", await poll.Content.ReadAsStringAsync());
            await client.SendAsync("3");
        }

        await client.SendAsync("4hello");
        Assert.Equal("4hello", await client.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "40")]
    public async Task WebSocket_OverThreeRounds_StaysOpen()
    {
        await using var host = await StartPatientAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address, answerPings: false);
        await using var closing = socket;

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("2", (await socket.NextAsync()).Text);
            await socket.SendAsync("3");
        }

        await socket.SendAsync("4hello");
        Assert.Equal("4hello", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "41")]
    public async Task Polling_LeftAloneForBothTimes_IsUnknownAfterwards()
    {
        var time = new FakeTimeProvider();
        await using var host = await StartAsync(time);
        using var client = await RawPolling.OpenAsync(host.Address);

        // The official suite waits exactly this long, so that a server which is late fails it.
        time.Pass(Interval + Timeout);
        using var poll = await client.GetAsync();

        Assert.Equal(HttpStatusCode.BadRequest, poll.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "41")]
    public async Task WebSocket_WithoutPong_IsClosed()
    {
        await using var host = await StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address, answerPings: false);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal("2", Assert.Single(socket.Waiting).Text);
        Assert.Equal(CloseReason.PingTimeout, (await session.Closed).Reason);
    }

    [Fact]
    [Trait("Behaviour", "49")]
    public async Task Handshakes_NeverFollowedUp_AreAllReclaimed()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }));
        }

        for (var i = 0; i < 1_000; i++)
        {
            var session = await host.Sessions.TakeAsync(_ => true, "a session", Inbox<int>.DefaultTimeout);
            Assert.Equal(CloseReason.PingTimeout, (await session.Closed).Reason);
        }

        Assert.Equal(0, host.Server.ClientsCount);
    }

    private static Task<EngineHost> StartAsync(TimeProvider? time = null) => EngineHost.StartAsync(
        options => (options.PingInterval, options.PingTimeout) = (Interval, Timeout), time: time);

    // For clients that answer, as late as a busy machine lets them.
    private static Task<EngineHost> StartPatientAsync() => EngineHost.StartAsync(
        options => (options.PingInterval, options.PingTimeout) = (TimeSpan.FromMilliseconds(100), Inbox<int>.DefaultTimeout));
}
