using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>When handlers begin (protocol.md 2.7).</summary>
public sealed class HandlerDispatchTests
{
    private readonly Inbox<string> _heard = new(() => "the handlers");

    [Fact]
    public async Task StartInOrder_NextHandlerBeginsWhileTheOneBeforeWaits()
    {
        var gate = new TaskCompletionSource();
        var server = new TestServer();
        server.Io.OnConnection(socket => socket.On<int>("n", async n =>
        {
            _heard.Add($"begin {n}");
            if (n == 1)
            {
                await gate.Task;
            }

            _heard.Add($"end {n}");
        }));
        var client = await server.ConnectAsync();

        client.Say("""42["n",1]""", """42["n",2]""");

        await ExpectAsync("begin 1", "begin 2", "end 2");
        gate.SetResult();
        await ExpectAsync("end 1");
    }

    [Fact]
    public async Task Sequential_NextHandlerBeginsWhenTheOneBeforeHasCompleted()
    {
        var gate = new TaskCompletionSource();
        var server = new TestServer(o => o.HandlerDispatch = HandlerDispatch.Sequential);
        server.Io.OnConnection(async socket =>
        {
            socket.On<int>("n", async n =>
            {
                _heard.Add($"begin {n}");
                await gate.Task;
                _heard.Add($"end {n}");
            });
            await Task.Yield();
            _heard.Add("connected");
        });
        var client = await server.ConnectAsync();

        client.Say("""42["n",1]""", """42["n",2]""");

        await ExpectAsync("connected", "begin 1");
        gate.SetResult();
        await ExpectAsync("end 1", "begin 2", "end 2");
    }

    [Theory]
    [InlineData(HandlerDispatch.StartInOrder)]
    [InlineData(HandlerDispatch.Sequential)]
    public async Task Handler_MayAwaitAnAckOfItsOwnClient(HandlerDispatch dispatch)
    {
        var server = new TestServer(o => o.HandlerDispatch = dispatch);
        server.Io.OnConnection(socket => socket.On("ask", async () => await socket.EmitWithAckAsync<string>("name?")));
        var client = await server.ConnectAsync();

        client.Say("""427["ask"]""");
        await client.ExpectAsync("""420["name?"]""");
        client.Say("""430["alice"]""");

        await client.ExpectAsync("""437["alice"]""");
    }

    [Fact]
    public async Task Handler_ThatBlocks_HoldsBackNeitherAcksNorOtherSockets()
    {
        var server = new TestServer();
        using var gate = new ManualResetEventSlim();
        server.Io.OnConnection(socket => socket.On("block", () =>
        {
            _heard.Add("blocked");
            gate.Wait();
        }));
        TestClient.AnswerPings(server.Io);
        var blocked = await server.ConnectAsync();
        var other = await server.ConnectAsync();
        blocked.Say("""42["block"]""");
        await ExpectAsync("blocked");

        var answer = server.Io.Sockets[blocked.SocketId].EmitWithAckAsync<int>("x");
        blocked.Say("430[5]");
        Assert.Equal(5, await answer);
        await other.ExpectSilenceAsync();

        gate.Set();
    }

    [Fact]
    public async Task Sequential_DisconnectOvertakesWaitingEvents()
    {
        var gate = new TaskCompletionSource();
        var server = new TestServer(o => o.HandlerDispatch = HandlerDispatch.Sequential);
        server.Io.OnConnection(socket =>
        {
            socket.On<int>("n", async n =>
            {
                _heard.Add($"begin {n}");
                await gate.Task;
                _heard.Add($"end {n}");
            });
            socket.OnDisconnect(_ => _heard.Add("disconnect"));
        });
        var client = await server.ConnectAsync();

        client.Say("""42["n",1]""");
        await ExpectAsync("begin 1");
        client.Say("""42["n",2]""", "41");

        await ExpectAsync("disconnect");
        gate.SetResult();
        await ExpectAsync("end 1");
        Assert.Empty(_heard.Waiting);
    }

    [Theory]
    [InlineData(HandlerDispatch.Sequential)]
    [InlineData(HandlerDispatch.StartInOrder)]
    public async Task TooManyEvents_StopReadingUntilHalfOfThemAreOver(HandlerDispatch dispatch)
    {
        const int events = 4;
        var gates = Enumerable.Range(0, events).Select(_ => new TaskCompletionSource()).ToArray();
        var server = new TestServer(o =>
        {
            o.HandlerDispatch = dispatch;
            o.MaxWaitingEvents = events;
        });
        server.Io.OnConnection(socket => socket.On<int>("n", async n =>
        {
            _heard.Add($"begin {n}");
            await gates[n].Task;
        }));
        var client = await server.ConnectAsync();

        // Those that wait and those that are being handled.
        for (var i = 0; i < events - 1; i++)
        {
            client.Say($"""42["n",{i}]""");
            Assert.True(client.WhenReadAsync().IsCompleted);
        }

        client.Say($"""42["n",{events - 1}]""");
        var read = client.WhenReadAsync();
        Assert.False(read.IsCompleted);

        gates[0].SetResult();
        await ExpectAsync("begin 0", "begin 1");
        Assert.False(read.IsCompleted);
        gates[1].SetResult();
        await read.WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.True(client.IsOpen);
        gates[2].SetResult();
        gates[3].SetResult();
        await ExpectAsync("begin 2", "begin 3");
        Assert.True(client.WhenReadAsync().IsCompleted);
    }

    [Theory]
    [InlineData(HandlerDispatch.Sequential)]
    [InlineData(HandlerDispatch.StartInOrder)]
    public async Task Connection_ThatIsNotRead_CanBeClosed(HandlerDispatch dispatch)
    {
        var gate = new TaskCompletionSource();
        var server = new TestServer(o =>
        {
            o.HandlerDispatch = dispatch;
            o.MaxWaitingEvents = 1;
        });
        server.Io.OnConnection(socket => socket.On("n", (EventContext _) => gate.Task));
        var client = await server.ConnectAsync();
        client.Say("""42["n"]""", """42["n"]""");
        var read = client.WhenReadAsync();
        Assert.False(read.IsCompleted);

        await server.Io.DisconnectSocketsAsync(close: true);

        await client.ExpectAsync("41", "close");
        await read.WaitAsync(Inbox<int>.DefaultTimeout);
        gate.SetResult();
    }

    [Fact]
    public async Task Handlers_OfOneSocket_NeverOverlapUpToTheirFirstWait()
    {
        const int Events = 2_000;
        var server = new TestServer();
        var inside = 0;
        var overlaps = 0;
        var order = new List<int>();
        var done = new TaskCompletionSource();
        server.Io.OnConnection(socket => socket.On<int>("n", async n =>
        {
            if (Interlocked.Increment(ref inside) != 1)
            {
                overlaps++;
            }

            order.Add(n);
            Thread.SpinWait(50);
            Interlocked.Decrement(ref inside);
            await Task.Yield();
            if (n == Events - 1)
            {
                done.SetResult();
            }
        }));
        var client = await server.ConnectAsync();

        for (var i = 0; i < Events; i++)
        {
            client.Say($"""42["n",{i}]""");
        }

        await done.Task.WaitAsync(Inbox<string>.DefaultTimeout);
        Assert.Equal(0, overlaps);
        Assert.Equal(Enumerable.Range(0, Events), order);
    }

    private async Task ExpectAsync(params string[] heard)
    {
        foreach (var line in heard)
        {
            Assert.Equal(line, await _heard.TakeAsync(_ => true, line));
        }
    }
}
