using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

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
    public async Task Timeout_ThatIsNegative_IsRefusedWhereAnswersAreAskedForAndNothingIsEmitted()
    {
        TestClient.AnswerPings(_server.Io);
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        var negative = TimeSpan.FromSeconds(-1);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _server.Io.Timeout(negative).EmitWithAckAsync<int>("vote"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await _server.Io.Timeout(negative).EmitWithAckStreamAsync<int>("vote").FirstOrDefaultAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _server.Io.Timeout(negative).FetchSocketsAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => socket.Timeout(negative).EmitWithAckAsync<int>("vote"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _server.Io.ServerSideEmitWithAckCoreAsync<int>("vote", [], negative));

        await client.ExpectSilenceAsync();
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
    public async Task EmitWithAck_WhoseConverterThrowsAnything_IsAnswerOfAnotherKind()
    {
        var client = await _server.ConnectAsync();

        var answer = _server.Io.Sockets[client.SocketId].EmitWithAckAsync<Ticket>("ticket");
        client.Say("""430["no id"]""");

        Assert.IsType<FormatException>((await Assert.ThrowsAsync<EventArgumentException>(() => answer)).InnerException);
    }

    [Fact]
    public async Task BroadcastAck_WhoseConverterThrowsAnything_CountsItAsMissingAndClosesNobody()
    {
        var clients = await ThreeClientsAsync();
        var id = Guid.NewGuid();

        var answer = _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<Ticket>("ticket");
        clients[0].Say($"""430["{id}"]""");
        clients[1].Say("""430["no id"]""");
        clients[2].Say($"""430["{id}"]""");

        var thrown = await Assert.ThrowsAsync<BroadcastAckException<Ticket>>(() => answer);
        Assert.Equal([new Ticket(id), new Ticket(id)], thrown.Responses);
        Assert.All(clients, client => Assert.True(client.IsOpen));
    }

    [Fact]
    public async Task BroadcastAck_ConverterThatTakesLong_HoldsUpTheCallerAndNoClient()
    {
        var clients = await ThreeClientsAsync();
        using var gate = new ManualResetEventSlim();
        SlowTicket.Gate = gate;

        var answer = Task.Run(() => _server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<SlowTicket>("ticket"));
        foreach (var client in clients) await client.ExpectAsync("""420["ticket"]""");
        var answering = Task.Run(() =>
        {
            foreach (var client in clients) client.Say("""430["x"]""");
        });

        await answering.WaitAsync(TimeSpan.FromSeconds(30));
        gate.Set();
        Assert.Equal(3, (await answer).Count);
    }

    [Fact]
    public async Task EmitWithAck_ThatCannotBeEncoded_OwesNothing()
    {
        var server = new TestServer(options => options.MaxPendingAcks = 1, parser: new ParserThatRefuses("bad"));
        var client = await server.ConnectAsync();
        var socket = server.Io.Sockets[client.SocketId];
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => socket.EmitWithAckAsync<int>("bad"));
        }

        var answer = socket.EmitWithAckAsync<int>("good");
        await client.ExpectAsync("""422["good"]""");
        client.Say("432[1]");
        Assert.Equal(1, await answer);
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

    [JsonConverter(typeof(Converter))]
    private sealed record Ticket(Guid Id)
    {
        private sealed class Converter : JsonConverter<Ticket>
        {
            public override Ticket Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                new(Guid.Parse(reader.GetString()!));

            public override void Write(Utf8JsonWriter writer, Ticket value, JsonSerializerOptions options) =>
                writer.WriteStringValue(value.Id);
        }
    }

    [JsonConverter(typeof(Converter))]
    private sealed record SlowTicket
    {
        public static ManualResetEventSlim? Gate { get; set; }

        private sealed class Converter : JsonConverter<SlowTicket>
        {
            public override SlowTicket Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            {
                Gate!.Wait(TimeSpan.FromMinutes(1));
                return new SlowTicket();
            }

            public override void Write(Utf8JsonWriter writer, SlowTicket value, JsonSerializerOptions options) => writer.WriteNullValue();
        }
    }

    private sealed class ParserThatRefuses(string eventName) : IPacketParser
    {
        private readonly JsonPacketParser _parser = new();

        public EngineIOFrame[] Encode(Packet packet) =>
            Encoding.UTF8.GetString(packet.Payload.Span).Contains(eventName, StringComparison.Ordinal)
                ? throw new NotSupportedException(eventName)
                : _parser.Encode(packet);

        public IPacketDecoder CreateDecoder() => _parser.CreateDecoder();
    }
}
