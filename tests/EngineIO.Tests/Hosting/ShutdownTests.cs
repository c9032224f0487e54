using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Hosting;

public sealed class ShutdownTests
{
    [Fact]
    [Trait("Behaviour", "48")]
    public async Task CloseAsync_EndsPollsAndWebSocketsAndTellsEveryHandler()
    {
        await using var host = await EngineHost.StartAsync();
        using var waiting = await RawPolling.OpenAsync(host.Address);
        var waitingSession = await host.NextSessionAsync();
        using var absent = await RawPolling.OpenAsync(host.Address);
        var absentSession = await host.NextSessionAsync();
        absentSession.Send("discarded");
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var socketSession = await host.NextSessionAsync();
        var poll = waiting.GetAsync();
        await waitingSession.WritableAsync();

        var closed = host.Server.CloseAsync();
        Assert.Equal("1", await (await poll).Content.ReadAsStringAsync());
        using var lastPost = await absent.PostAsync("4too late");
        Assert.Equal("ok", await lastPost.Content.ReadAsStringAsync());
        Assert.False(closed.IsCompleted);
        Assert.Equal("1", await (await absent.GetAsync()).Content.ReadAsStringAsync());
        await closed.WaitAsync(Inbox<int>.DefaultTimeout);

        Assert.All([waitingSession, absentSession, socketSession], session =>
        {
            Assert.True(session.HasClosed);
            Assert.Equal(1, session.ClosedCount);
        });
        Assert.Equal(CloseReason.ServerShuttingDown, (await socketSession.Closed).Reason);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await socket.WaitForCloseAsync());
        Assert.Equal(0, host.Server.ClientsCount);
        using var later = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.Empty(host.Complaints);
    }

    [Fact]
    [Trait("Behaviour", "48")]
    public async Task CloseAsync_WithAClientThatDoesNotAnswer_CutsItWhenTheTimeIsUp()
    {
        await using var host = await EngineHost.StartAsync();
        using var silent = await RawConnection.OpenAsync(host.Address);
        await silent.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await silent.ReadResponseAsync();
        var session = await host.NextSessionAsync();
        using var impatient = new CancellationTokenSource();

        await silent.ReadFrameAsync();

        var closed = host.Server.CloseAsync(impatient.Token);
        Assert.Equal([0x88, 0x02, 0x03, 0xe9], await silent.ReadAsync(4));
        Assert.Equal(CloseReason.ServerShuttingDown, (await session.Closed).Reason);
        Assert.False(closed.IsCompleted);
        await impatient.CancelAsync();
        await closed.WaitAsync(Inbox<int>.DefaultTimeout);

        Assert.Empty(await silent.ReadToEndAsync());
    }

    [Fact]
    public async Task CloseAsync_WithAClientThatDoesNotPollAnyMore_DoesNotWaitForLong()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(time: time);
        using var absent = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        var closed = host.Server.CloseAsync();
        Assert.Equal(CloseReason.ServerShuttingDown, (await session.Closed).Reason);
        Assert.False(closed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        await closed.WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.Empty(host.Complaints);
    }

    [Fact]
    public async Task CloseAsync_WhileClientsPollThatItHasNotComeTo_TellsThem()
    {
        await using var host = await EngineHost.StartAsync();
        using var held = await RawPolling.OpenAsync(host.Address);
        var heldSession = await host.NextSessionAsync();
        var others = new List<RawPolling>();
        for (var i = 0; i < 20; i++) others.Add(await RawPolling.OpenAsync(host.Address));

        // The server counts what it drops while it has the session to itself, so that it cannot end this one, nor those that come after it,
        // until the count goes on.
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        using var measuring = host.WhenMeasured("orleansrooms.engineio.volatile.dropped", () =>
        {
            isHeld.SetResult();
            release.Wait(Inbox<int>.DefaultTimeout);
        });
        var dropping = Task.Run(
            () => heldSession.Session.Send([EngineIOFrame.Text(EngineIOPacketType.Message, "dropped")], SendFlags.Volatile));
        await isHeld.Task.WaitAsync(Inbox<int>.DefaultTimeout);

        var closed = Task.Run(() => host.Server.CloseAsync());
        while ((await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling&sid=unknown"))
            .StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            // Newcomers are still let in.
        }

        foreach (var other in others)
        {
            using var post = await other.PostAsync("4too late");
            Assert.Equal("ok", await post.Content.ReadAsStringAsync());
            Assert.Equal("1", await (await other.GetAsync()).Content.ReadAsStringAsync());
            other.Dispose();
        }

        release.Set();
        Assert.False(await dropping);
        Assert.Equal("1", await (await held.GetAsync()).Content.ReadAsStringAsync());
        await closed.WaitAsync(Inbox<int>.DefaultTimeout);
    }

    [Fact]
    public async Task CloseAsync_OnceMore_DoesNotWaitOnceMore()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(time: time);
        using var absent = await RawPolling.OpenAsync(host.Address);
        using var alsoAbsent = await RawPolling.OpenAsync(host.Address);
        var closed = host.Server.CloseAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await closed.WaitAsync(Inbox<int>.DefaultTimeout);

        // The host closes the server and then disposes of it.
        Assert.True(host.Server.CloseAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task CloseAsync_TwiceAtATime_BothWaitForEveryClient()
    {
        await using var host = await EngineHost.StartAsync(time: new FakeTimeProvider());
        using var one = await RawPolling.OpenAsync(host.Address);
        using var other = await RawPolling.OpenAsync(host.Address);

        Task[] closing = [host.Server.CloseAsync(), host.Server.CloseAsync()];
        Assert.Equal("1", await (await one.GetAsync()).Content.ReadAsStringAsync());
        Assert.All(closing, close => Assert.False(close.IsCompleted));
        Assert.Equal("1", await (await other.GetAsync()).Content.ReadAsStringAsync());

        await Task.WhenAll(closing).WaitAsync(Inbox<int>.DefaultTimeout);
    }

    [Fact]
    public async Task CloseAsync_WithoutClients_CompletesAtOnce()
    {
        await using var host = await EngineHost.StartAsync();

        Assert.True(host.Server.CloseAsync().IsCompletedSuccessfully);
    }
}
