using System.Net.WebSockets;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Sessions;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class UpgradeTests
{
    [Theory]
    [Trait("Behaviour", "33")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Probe_WithAPoll_ReleasesItAndTheUpgradeTakesOver(bool pollWaitsBefore)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var poll = pollWaitsBefore ? polling.GetAsync() : null;
        if (pollWaitsBefore) await session.WritableAsync();
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);

        await socket.SendAsync("2probe");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        poll ??= polling.GetAsync();
        using (var released = await poll) Assert.Equal("6", await released.Content.ReadAsStringAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("4hello");

        Assert.Equal("4hello", (await socket.NextAsync()).Text);
        await session.Upgraded;
        Assert.Equal(EngineTransport.WebSocket, session.Session.Transport);
    }

    [Fact]
    [Trait("Behaviour", "34")]
    public async Task Poll_AfterTheUpgrade_IsRefusedAndTheWebSocketGoesOn()
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.SendAsync("5");
        await socket.SendAsync("4switched");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        Assert.Equal("4switched", (await socket.NextAsync()).Text);

        using var get = await polling.GetAsync();
        using var post = await polling.PostAsync("4lost");

        Assert.Equal(HttpStatusCode.BadRequest, get.StatusCode);
        Assert.Equal("""{"code":3,"message":"Bad request"}""", await get.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
        await socket.SendAsync("4still here");
        Assert.Equal("4still here", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "36")]
    public async Task Upgrade_NotCompletedInTime_LeavesTheSessionOnPolling()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(options => options.UpgradeTimeout = TimeSpan.FromMilliseconds(100), time: time);
        using var polling = await RawPolling.OpenAsync(host.Address);
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();
        time.Pass(TimeSpan.FromMilliseconds(100));

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        await polling.SendAsync("4still here");
        Assert.Equal("4still here", await polling.NextAsync());
    }

    [Theory]
    [Trait("Behaviour", "37")]
    [InlineData("4hello")]
    [InlineData("2")]
    [InlineData("nonsense")]
    public async Task FirstPacket_OtherThanProbeOrUpgrade_LeavesTheSessionOnPolling(string packet)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);

        await socket.SendAsync(packet);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        await polling.SendAsync("4still here");
        Assert.Equal("4still here", await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "31")]
    public async Task SecondWebSocket_OfAWebSocketSession_IsClosedAndTheFirstGoesOn()
    {
        await using var host = await EngineHost.StartAsync();
        var (first, handshake) = await RawWebSocket.OpenAsync(host.Address);
        await using var _ = first;

        await using var second = await RawWebSocket.ConnectAsync(host.Address, handshake.GetProperty("sid").GetString());

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await second.WaitForCloseAsync());
        await first.SendAsync("4still here");
        Assert.Equal("4still here", (await first.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "31")]
    public async Task SecondWebSocket_DuringAnUpgrade_IsClosedAndTheFirstGoesOn()
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        await using var first = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await first.SendAsync("2probe");
        await first.NextAsync();

        await using var second = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await second.WaitForCloseAsync());
        await first.SendAsync("5");
        await first.SendAsync("4hello");
        Assert.Equal("4hello", (await first.NextAsync()).Text);
        await using var third = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await third.WaitForCloseAsync());
        await first.SendAsync("4still here");
        Assert.Equal("4still here", (await first.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "39")]
    public async Task Client_LeavingMidUpgrade_LeavesNothingBehind()
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        await polling.SendAsync("1");
        await socket.DisposeAsync();

        Assert.Equal(CloseReason.TransportClose, (await session.Closed).Reason);
        Assert.Equal(0, host.Server.ClientsCount);
        await host.Server.CloseAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(host.Complaints);
    }

    [Fact]
    public async Task Upgrade_AfterAFailedOne_Works()
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var failed = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await failed.SendAsync("4not yet");
        await failed.WaitForCloseAsync();
        await failed.DisposeAsync();

        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("5");
        await socket.SendAsync("4hello");

        Assert.Equal("4hello", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "35")]
    public async Task Messages_DuringTheUpgrade_ArriveOnceAndInOrder()
    {
        const int Count = 2000;
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        session.OnMessageInstead = (_, _) => { };
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                Assert.True(session.Send($"{i}"));
                if (i % 10 == 0) await Task.Yield();
            }
        });

        // As the stock client does: probe while polling, let the poll return, then switch.
        var received = new List<string>();
        for (var i = 0; i < 5; i++) received.Add(await polling.NextAsync());
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync(frame => frame.Text == "3probe", "the answer to the probe");
        while (await polling.NextAsync() is var packet && packet != "6")
        {
            received.Add(packet);
            if (received.Count >= Count) break;
        }

        await socket.SendAsync("5");
        while (received.Count < Count) received.Add((await socket.NextAsync()).Text);
        await sending;

        Assert.Equal(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"4{i}")), received);
    }
}
