using System.Net;
using System.Runtime.InteropServices;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class BoundsTests
{
    [Fact]
    public async Task WebSocketClient_ThatDoesNotRead_IsClosedAndOthersGoOn()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxBufferedBytesPerSession = 1_000_000);
        var (reader, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = reader;
        var readerSession = await host.NextSessionAsync();
        using var deaf = await RawConnection.OpenAsync(host.Address);
        await deaf.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await deaf.ReadResponseAsync();
        var deafSession = await host.NextSessionAsync();

        // What the kernel and Kestrel hold on the way comes on top of the limit.
        var chunk = new byte[100_000];
        var sent = 0;
        while (deafSession.Send(chunk) && sent < 1_000) sent++;

        Assert.Equal((CloseReason.TransportError, "the client does not read what is sent to it"), await deafSession.Closed);
        Assert.InRange(sent, 9, 999);
        Assert.Single(host.Complaints);
        readerSession.Send("still here");
        Assert.Equal("4still here", (await reader.NextAsync()).Text);
    }

    [Fact]
    public async Task PollingClient_ThatDoesNotCome_IsClosed()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxBufferedBytesPerSession = 10_000);
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        while (session.Send(new byte[1_000]))
        {
        }

        Assert.Equal(CloseReason.TransportError, (await session.Closed).Reason);
        using var poll = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, poll.StatusCode);
    }

    [Fact]
    public async Task SmallPacketsOfALargeBody_DoNotKeepTheBody()
    {
        const int Small = 8, Large = 900_000;
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var kept = new Inbox<int>(() => "The handler");
        session.OnMessageInstead = (data, _) => kept.Add(MemoryMarshal.TryGetArray(data, out var array) ? array.Array!.Length : -1);

        await client.SendAsync("4" + new string('s', Small), "4" + new string('l', Large), "4" + new string('s', Small), "bAAAA");

        Assert.Equal(Small, await kept.TakeAsync(_ => true, "a small one"));
        Assert.InRange(await kept.TakeAsync(_ => true, "the large one"), Large, 2 * Large);
        Assert.Equal(Small, await kept.TakeAsync(_ => true, "a small one"));
        Assert.Equal(3, await kept.TakeAsync(_ => true, "a binary one"));
    }

    [Fact]
    [Trait("Behaviour", "41")]
    public async Task DeadClient_ThatNeitherReadsNorAnswers_IsForgottenAndItsConnectionCut()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            options.PingInterval = TimeSpan.FromMilliseconds(100);
            options.PingTimeout = TimeSpan.FromMilliseconds(100);
        });
        using var dead = await RawConnection.OpenAsync(host.Address);
        await dead.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await dead.ReadResponseAsync();
        var session = await host.NextSessionAsync();
        session.Send(new byte[5_000_000]);

        // On a busy machine the stuck write may be noticed before the missing pong.
        Assert.Contains((await session.Closed).Reason, new[] { CloseReason.PingTimeout, CloseReason.TransportError });
        Assert.Equal(0, host.Server.ClientsCount);

        // The write that never completes does not hold the connection for ever.
        await host.Server.CloseAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [Trait("Behaviour", "68")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Volatile_RightAfterAnother_IsDroppedAndALoneOneArrives(bool webSocket)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = webSocket ? null : await RawPolling.OpenAsync(host.Address);
        await using var socket = webSocket ? (await RawWebSocket.OpenAsync(host.Address)).Socket : null;
        var session = await host.NextSessionAsync();

        async Task<string> NextAsync() => polling is null ? (await socket!.NextAsync()).Text : await polling.NextAsync();
        async Task<Task<string>> ReadyAsync()
        {
            var next = NextAsync();
            await session.WritableAsync();
            return next;
        }

        var first = await ReadyAsync();
        Assert.True(session.Send("lone", SendFlags.Volatile));
        Assert.Equal("4lone", await first);

        var second = await ReadyAsync();
        using (SendTurn.Begin())
        {
            session.Send("regular");
            session.Send("dropped", SendFlags.Volatile);
        }

        Assert.Equal("4regular", await second);

        var third = await ReadyAsync();
        using (SendTurn.Begin())
        {
            session.Send("first", SendFlags.Volatile);
            session.Send("second", SendFlags.Volatile);
        }

        Assert.Equal("4first", await third);

        session.Send("end");
        Assert.Equal("4end", await NextAsync());
    }
}
