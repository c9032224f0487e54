using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Upgrades;

/// <summary>The change from long-polling to WebSocket (section D of the acceptance list).</summary>
public sealed class UpgradeTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "33")]
    public async Task Probe_PendingPoll_IsReleasedAndTheWebSocketTakesOver()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        var pending = polling.GetAsync();

        await using var socket = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        using var released = await pending;
        Assert.Equal("6", await released.Content.ReadAsStringAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("42[\"message\",\"hello\"]");

        Assert.Equal("42[\"message-back\",\"hello\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "33")]
    public async Task Probe_PollIssuedAfterwards_IsReleased()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        await using var socket = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        using var released = await polling.GetAsync();

        Assert.Equal("6", await released.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Behaviour", "34")]
    public async Task Poll_AfterTheUpgrade_IsRefusedAndTheWebSocketGoesOn()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        await using var socket = await UpgradeAsync(server.Address, polling);

        using var get = await polling.GetAsync();
        using var post = await polling.PostAsync("42[\"message\",\"by polling\"]");
        await socket.SendAsync("42[\"message\",\"by WebSocket\"]");

        Assert.Equal(HttpStatusCode.BadRequest, get.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
        Assert.Equal("42[\"message-back\",\"by WebSocket\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "31")]
    public async Task Connect_WithTheSidOfAnUpgradedSession_IsClosedAndTheFirstGoesOn()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        await using var first = await UpgradeAsync(server.Address, polling);

        await using var second = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);
        await second.WaitForCloseAsync();

        await first.SendAsync("42[\"message\",1]");
        Assert.Equal("42[\"message-back\",1]", (await first.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "35")]
    public async Task Messages_BothWaysDuringTheUpgrade_ArriveOnceAndInOrder()
    {
        const int count = 50;
        var received = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            socket.On("up", context =>
            {
                received.Add(context.Get<int>(0));
                if (received.Count == count)
                {
                    all.SetResult();
                }
            });
            for (var i = 0; i < count; i++)
            {
                await socket.EmitAsync("down", i);
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }));

        var client = await Js.OpenAsync(server.Address.ToString());
        await client.RunAsync(
            """
            (socket, count) => new Promise((done) => {
              const talk = () => {
                let i = 0;
                const timer = setInterval(() => {
                  socket.emit("up", i++);
                  if (i === count) {
                    clearInterval(timer);
                    done();
                  }
                }, 2);
              };
              // It may be connected before this is read.
              if (socket.connected) talk();
              else socket.once("connect", talk);
            })
            """,
            count);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, (await client.NextAsync("down")).Get<int>());
        }

        await client.NextAsync("$upgrade");
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, count), received);
        Assert.DoesNotContain(client.Waiting, e => e.Name == "down");
    }

    [Fact]
    [Trait("Behaviour", "36")]
    public async Task Upgrade_NotFinishedInTime_LeavesThePollingSession()
    {
        var time = new FakeTimeProvider();
        var server = await StartAsync(
            SuiteServer.ConfigureEcho,
            options => options.UpgradeTimeout = TimeSpan.FromMilliseconds(200),
            builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var polling = await JoinAsync(server.Address);
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);

        time.Advance(TimeSpan.FromMilliseconds(200));
        await socket.WaitForCloseAsync();

        await polling.SendAsync("42[\"message\",1]");
        Assert.Equal("42[\"message-back\",1]", await NextButNoopAsync(polling));
        // No time passes in which the server could give up waiting for it.
        await polling.SendAsync("1");
    }

    [Theory]
    [Trait("Behaviour", "37")]
    [InlineData("42[\"message\",\"too early\"]")]
    [InlineData("2")]
    [InlineData("abc")]
    [InlineData("3probe")]
    public async Task Upgrade_BeginningWithSomethingElse_LeavesThePollingSession(string frame)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);

        await socket.SendAsync(frame);
        await socket.WaitForCloseAsync();

        await polling.SendAsync("42[\"message\",1]");
        Assert.Equal("42[\"message-back\",1]", await NextButNoopAsync(polling));
    }

    [Theory]
    [Trait("Behaviour", "38")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ByDefault_UpgradesAndTheServerSeesItHoweverLateTheConnectionListenerRuns(bool isOver)
    {
        var hasUpgraded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upgraded = new TaskCompletionSource<EngineTransport>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(
            io =>
            {
                io.Engine.SessionOpened += (_, opened) => opened.Session.Events.Upgraded += hasUpgraded.SetResult;
                if (isOver)
                {
                    io.Use(async (_, next) =>
                    {
                        await hasUpgraded.Task;
                        await next();
                    });
                }

                io.OnConnection(socket => socket.Connection.Upgraded += () => upgraded.SetResult(socket.Connection.Transport));
            });

        var client = await Js.ConnectAsync(server.Address.ToString());
        var upgrade = await client.NextAsync("$upgrade");

        Assert.Equal("websocket", upgrade.Get<string>());
        Assert.Equal("websocket", (await client.StateAsync()).Transport);
        Assert.Equal(EngineTransport.WebSocket, await upgraded.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    [Trait("Behaviour", "39")]
    public async Task Client_ClosedRightAfterOpening_LeavesNothingBehind()
    {
        const int clients = 10;
        var disconnected = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(socket => socket.OnDisconnect(_ =>
        {
            if (Interlocked.Increment(ref disconnected) == clients)
            {
                all.SetResult();
            }
        })));

        for (var i = 0; i < clients; i++)
        {
            var client = await Js.ConnectAsync(server.Address.ToString());
            await client.DisconnectAsync();
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(server.IO.Sockets);
    }

    private static async Task<RawPolling> JoinAsync(Uri server)
    {
        var polling = await RawPolling.OpenAsync(server);
        await polling.SendAsync("40");
        Assert.StartsWith("40{\"sid\":", await polling.NextAsync(), StringComparison.Ordinal);
        return polling;
    }

    private static async Task<RawWebSocket> UpgradeAsync(Uri server, RawPolling polling)
    {
        var socket = await RawWebSocket.ConnectAsync(server, polling.Sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        await socket.SendAsync("5");
        // An answered event shows that the server has read the packet before it.
        await socket.SendAsync("421[\"message-with-ack\"]");
        Assert.Equal("431[]", (await socket.NextAsync()).Text);
        return socket;
    }

    private static async Task<string> NextButNoopAsync(RawPolling polling)
    {
        string packet;
        do
        {
            packet = await polling.NextAsync();
        }
        while (packet == "6");

        return packet;
    }
}
