using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>Answers that the server asks for (protocol.md 2.5; behaviours 71-76).</summary>
public sealed class AckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestServer _server;

    public AckTests()
    {
        _server = new TestServer(timeProvider: _time);
        TestClient.AnswerPings(_server.Io);
    }

    [Fact]
    public async Task EmitWithAck_AnsweredByClient_YieldsFirstArgument()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];

        var first = socket.EmitWithAckAsync<string>("ping", 1);
        await client.ExpectAsync("""420["ping",1]""");
        var second = socket.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<byte[]>("bytes");
        await client.ExpectAsync("""421["bytes"]""");
        client.Say("""461-1[{"_placeholder":true,"num":0}]""");
        client.Say([1, 2]);
        client.Say("""430["pong","more"]""");

        Assert.Equal("pong", await first);
        Assert.Equal([1, 2], await second);
    }

    [Fact]
    public async Task EmitWithAck_WithSeveralArguments_AckResultHasAll()
    {
        var client = await _server.ConnectAsync();

        var answer = _server.Io.Sockets[client.SocketId].EmitWithAckAsync("question");
        await client.ExpectAsync("""420["question"]""");
        client.Say("""430[1,"two"]""");

        var result = await answer;
        Assert.Equal((2, 1, "two", null), (result.Count, result.Get<int>(0), result.Get<string>(1), result.Get<string>(2)));
        Assert.Throws<EventArgumentException>(() => result.Get<int>(1));
    }

    [Fact]
    public async Task AckIds_CountPerNamespace()
    {
        _server.Io.Of("/a");
        var one = await _server.ConnectAsync();
        await one.EnterAsync("/a");
        var two = await _server.ConnectAsync();

        _ = _server.Io.Sockets[one.SocketId].EmitWithAckAsync("x");
        _ = _server.Io.Sockets[two.SocketId].EmitWithAckAsync("x");
        _ = _server.Io.Of("/a").Sockets[one.SocketIds["/a"]].EmitWithAckAsync("x");

        await one.ExpectAsync("""420["x"]""", """42/a,0["x"]""");
        await two.ExpectAsync("""421["x"]""");
    }

    [Fact]
    public async Task EmitWithAck_NotAnsweredInTime_FailsOnceAndIgnoresLateAnswer()
    {
        var client = await _server.ConnectAsync();

        var answer = _server.Io.Sockets[client.SocketId].Timeout(TimeSpan.FromMilliseconds(50)).EmitWithAckAsync<int>("x");
        await client.ExpectAsync("""420["x"]""");
        _time.Advance(TimeSpan.FromMilliseconds(50));

        var thrown = await Assert.ThrowsAsync<SocketIOTimeoutException>(() => answer);
        Assert.Equal("operation has timed out", thrown.Message);
        client.Say("430[1]", "430[2]", "4312345[1]", "43[1]");
        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task EmitWithAck_BeyondWhatASocketMayOwe_FailsUntilOneIsAnswered()
    {
        var server = new TestServer(o => o.MaxPendingAcks = 1);
        var client = await server.ConnectAsync();
        var socket = server.Io.Sockets[client.SocketId];
        var answer = socket.EmitWithAckAsync<int>("x");
        await client.ExpectAsync("""420["x"]""");

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => socket.EmitWithAckAsync<int>("y"));

        Assert.Contains("owes 1 answers already", thrown.Message, StringComparison.Ordinal);
        client.Say("430[7]");
        Assert.Equal(7, await answer);
        _ = socket.EmitWithAckAsync<int>("z");
        await client.ExpectAsync("""422["z"]""");
    }

    [Fact]
    public async Task EmitWithAck_WithTimeoutZero_FailsAfterSending()
    {
        var client = await _server.ConnectAsync();

        await Assert.ThrowsAsync<SocketIOTimeoutException>(
            () => _server.Io.Sockets[client.SocketId].Timeout(TimeSpan.Zero).EmitWithAckAsync<int>("x"));

        await client.ExpectAsync("""420["x"]""");
    }

    [Fact]
    public async Task EmitWithAck_AnsweredTwice_TakesFirst()
    {
        var client = await _server.ConnectAsync();

        var answer = _server.Io.Sockets[client.SocketId].EmitWithAckAsync<int>("x");
        client.Say("430[1]", "430[2]");

        Assert.Equal(1, await answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EmitWithAck_WhenSocketDisconnects_FailsPromptly(bool byClient)
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        var answer = socket.EmitWithAckAsync<int>("x");

        if (byClient)
        {
            client.End(CloseReason.PingTimeout);
        }
        else
        {
            await socket.DisconnectAsync();
        }

        var thrown = await Assert.ThrowsAsync<SocketDisconnectedException>(() => answer);
        Assert.Equal(socket.Id, thrown.SocketId);
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => socket.EmitWithAckAsync<int>("y"));
    }

    [Fact]
    public async Task EmitWithAck_WhenCancelled_StopsWaiting()
    {
        var client = await _server.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var answer = _server.Io.Sockets[client.SocketId].EmitWithAckAsync<int>("x", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        client.Say("430[1]");
        await client.ExpectAsync("""420["x"]""");
        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task BroadcastAck_AnsweredByAll_YieldsTheirValues()
    {
        var clients = await ThreeClientsAsync();

        var answer = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<int>("vote", "now");
        for (var i = 0; i < clients.Length; i++)
        {
            await clients[i].ExpectAsync("""420["vote","now"]""");
            clients[i].Say($"430[{i}]");
        }

        Assert.Equal([0, 1, 2], await answer);
    }

    [Fact]
    public async Task BroadcastAck_WithOneSilentClient_FailsWithTheAnswersThatCame()
    {
        var clients = await ThreeClientsAsync();

        var answer = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<string>("vote");
        clients[0].Say("""430["a"]""");
        clients[2].Say("""430["c"]""");
        _time.Advance(TimeSpan.FromSeconds(1));

        var thrown = await Assert.ThrowsAsync<BroadcastAckException<string>>(() => answer);
        Assert.Equal(["a", "c"], thrown.Responses);
        Assert.Equal(3, thrown.ExpectedCount);
        Assert.Empty(thrown.MissingNodes);
    }

    [Fact]
    public async Task BroadcastAck_WithAnswerOfAnotherKind_CountsItAsMissing()
    {
        var clients = await ThreeClientsAsync();

        var answer = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<int>("vote");
        clients[0].Say("430[1]");
        clients[1].Say("""430[{"not":"a number"}]""");
        clients[2].Say("430[3]");

        var thrown = await Assert.ThrowsAsync<BroadcastAckException<int>>(() => answer);
        Assert.Equal([1, 3], thrown.Responses);
    }

    [Fact]
    public async Task BroadcastAck_ToEmptyRoom_IsEmptyAtOnce()
    {
        var client = await _server.ConnectAsync();

        Assert.Empty(await _server.Io.To("nobody").Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<int>("vote"));
        await client.ExpectSilenceAsync();
    }

    [Fact]
    public async Task BroadcastAck_AsStream_YieldsAnswersAsTheyCome()
    {
        var clients = await ThreeClientsAsync();

        await using var votes = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckStreamAsync<int>("vote").GetAsyncEnumerator();
        var first = votes.MoveNextAsync();
        await clients[1].ExpectAsync("""420["vote"]""");
        clients[1].Say("430[1]");
        Assert.True(await first);
        Assert.Equal(1, votes.Current);
        clients[0].Say("430[0]");
        Assert.True(await votes.MoveNextAsync());
        Assert.Equal(0, votes.Current);
        var last = votes.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        var thrown = await Assert.ThrowsAsync<BroadcastAckException<int>>(async () => await last);
        Assert.Equal([1, 0], thrown.Responses);
    }

    [Fact]
    public async Task BroadcastAck_StreamLeftEarly_StopsWaiting()
    {
        var clients = await ThreeClientsAsync();
        var stream = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckStreamAsync<int>("vote");

        var received = new List<int>();
        var reading = Task.Run(async () =>
        {
            await foreach (var vote in stream)
            {
                received.Add(vote);
                break;
            }
        });
        await clients[0].ExpectAsync("""420["vote"]""");
        clients[0].Say("430[7]");

        await reading;
        Assert.Equal([7], received);
    }

    [Fact]
    public async Task TimedOperator_IsNarrowedLikeAnyOther()
    {
        var clients = await ThreeClientsAsync();

        var answer = _server.Io.Timeout(TimeSpan.FromSeconds(1))
            .To(clients[0].SocketId, clients[1].SocketId).Except(clients[1].SocketId).Local.Compress(false)
            .EmitWithAckAsync<int>("vote");
        await clients[0].ExpectAsync("""420["vote"]""");
        clients[0].Say("430[1]");

        Assert.Equal([1], await answer);
        await clients[1].ExpectSilenceAsync();
    }

    private async Task<TestClient[]> ThreeClientsAsync() =>
        [await _server.ConnectAsync(), await _server.ConnectAsync(), await _server.ConnectAsync()];
}
