using System.Text.Json;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Acks;

/// <summary>Acknowledgements (section I of the acceptance list).</summary>
public sealed class AckTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [Trait("Behaviour", "71")]
    [MemberData(nameof(Transports))]
    public async Task Client_AsksForAnAck_GetsAllArguments(string transport)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        var answer = await client.EmitWithAckListAsync("message-with-ack", 1, "two", new byte[] { 3 });

        Assert.Equal(3, answer.Length);
        Assert.Equal(1, answer[0].GetInt32());
        Assert.Equal("two", answer[1].GetString());
        Assert.Equal([3], answer[2].As<byte[]>());
    }

    [Fact]
    [Trait("Behaviour", "71")]
    public async Task Server_AcksTwice_SendsOnePacket()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("ask", async context =>
        {
            await context.AckAsync("first");
            await context.AckAsync("second");
            await socket.EmitAsync("end");
        })));
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync("4217[\"ask\"]");

        Assert.Equal("4317[\"first\"]", (await socket.NextAsync()).Text);
        Assert.Equal("42[\"end\"]", (await socket.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "72")]
    [MemberData(nameof(Transports))]
    public async Task Server_AsksForAnAck_GetsTheClientsValue(string transport)
    {
        var answers = new TaskCompletionSource<(string?, byte[]?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            var text = await socket.Timeout(Long).EmitWithAckAsync<string>("text");
            var bytes = await socket.Timeout(Long).EmitWithAckAsync<byte[]>("binary", new byte[] { 1 });
            answers.SetResult((text, bytes));
        }));

        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
        await (await client.NextAsync("text")).AckAsync("fine");
        var question = await client.NextAsync("binary");
        await question.AckAsync(question.Get<byte[]>());

        var (first, second) = await answers.Task.WaitAsync(Long);
        Assert.Equal("fine", first);
        Assert.Equal([1], second);
    }

    [Fact]
    [Trait("Behaviour", "72")]
    public async Task Server_AckIds_BeginAtZeroAndCountUpPerNamespace()
    {
        var server = await StartAsync(io =>
        {
            io.OnConnection(Ask);
            io.Of("/custom").OnConnection(Ask);

            static async Task Ask(ISocket socket)
            {
                await socket.Timeout(Long).EmitWithAckAsync<int>("ask");
                await socket.Timeout(Long).EmitWithAckAsync<int>("ask");
            }
        });
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync("40");
        await socket.NextAsync();
        Assert.Equal("420[\"ask\"]", (await socket.NextAsync()).Text);
        await socket.SendAsync("430[7]");
        Assert.Equal("421[\"ask\"]", (await socket.NextAsync()).Text);
        await socket.SendAsync("40/custom,");
        await socket.NextAsync();
        Assert.Equal("42/custom,0[\"ask\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "73")]
    public async Task Server_AckComesTooLate_IsATimeoutAndTheAnswerIsIgnored()
    {
        var timeout = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            socket.On("echo", (int n) => n);
            try
            {
                await socket.Timeout(TimeSpan.FromMilliseconds(50)).EmitWithAckAsync<int>("ask");
            }
            catch (Exception e)
            {
                timeout.SetResult(e);
            }
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());
        var question = await client.NextAsync("ask");

        var exception = await timeout.Task.WaitAsync(Long);
        await question.AckAsync(1);

        Assert.IsType<TimeoutException>(exception, exactMatch: false);
        Assert.Equal(2, (await client.EmitWithAckAsync("echo", 2)).GetInt32());
    }

    [Fact]
    [Trait("Behaviour", "73")]
    public async Task Server_TimeoutOfZero_FailsOnceThoughTheClientAnswers()
    {
        var failures = 0;
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            socket.On("echo", (int n) => n);
            try
            {
                await socket.Timeout(TimeSpan.Zero).EmitWithAckAsync<int>("ask");
            }
            catch (TimeoutException)
            {
                failures++;
                failed.SetResult();
            }
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());

        await (await client.NextAsync("ask")).AckAsync(1);
        await failed.Task.WaitAsync(Long);

        Assert.Equal(2, (await client.EmitWithAckAsync("echo", 2)).GetInt32());
        Assert.Equal(1, failures);
    }

    [Fact]
    [Trait("Behaviour", "74")]
    public async Task Broadcast_AllAnswer_CollectsTheValues()
    {
        var server = await StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Js.ConnectAsync(server.Address.ToString())));

        var asking = server.IO.Timeout(Long).EmitWithAckAsync<int>("vote", "now");
        for (var i = 0; i < clients.Length; i++)
        {
            await (await clients[i].NextAsync("vote")).AckAsync(i);
        }

        Assert.Equal([0, 1, 2], (await asking).Order());
    }

    [Fact]
    [Trait("Behaviour", "74")]
    public async Task Broadcast_OneIsSilent_FailsWithTheOthersValues()
    {
        var server = await StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Js.ConnectAsync(server.Address.ToString())));

        var asking = server.IO.Timeout(TimeSpan.FromSeconds(4)).EmitWithAckAsync<int>("vote");
        await (await clients[0].NextAsync("vote")).AckAsync(10);
        await (await clients[2].NextAsync("vote")).AckAsync(12);

        var failure = await Assert.ThrowsAsync<BroadcastAckException<int>>(() => asking);
        Assert.Equal([10, 12], failure.Responses.Order());
        Assert.Equal(3, failure.ExpectedCount);
    }

    [Fact]
    [Trait("Behaviour", "74")]
    public async Task Broadcast_ToNobody_SucceedsAtOnce()
    {
        var server = await StartAsync();

        Assert.Empty(await server.IO.To("empty room").Timeout(Long).EmitWithAckAsync<int>("vote"));
    }

    [Fact]
    [Trait("Behaviour", "75")]
    public async Task Client_Retries_UntilAcknowledgedInOrder()
    {
        var seen = new List<string>();
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("job", async context =>
        {
            var job = context.Get<string>(0)!;
            seen.Add(job);
            if (seen.Count(other => other == job) >= 2)
            {
                await context.AckAsync("done");
            }
        })));
        var client = await Js.ConnectAsync(server.Address.ToString(), new { retries = 3, ackTimeout = 200 });

        await client.RunAsync(
            """
            (socket) => Promise.all(["a", "b"].map((job) => new Promise((done, failed) =>
              socket.emit("job", job, (error) => error ? failed(error) : done()))))
            """);

        Assert.Equal(["a", "a", "b", "b"], seen);
    }

    [Fact]
    [Trait("Behaviour", "76")]
    public async Task Server_WaitsForAnAck_FailsWhenTheClientDisconnects()
    {
        var failure = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            try
            {
                await socket.Timeout(TimeSpan.FromMinutes(10)).EmitWithAckAsync<int>("ask");
            }
            catch (Exception e)
            {
                failure.SetResult(e);
            }
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());
        await client.NextAsync("ask");

        await client.DisconnectAsync();

        Assert.IsType<SocketDisconnectedException>(await failure.Task.WaitAsync(Long));
    }

    [Fact]
    public async Task Handler_ReturnsAValue_ThatIsTheAck()
    {
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            socket.On("add", (int a, int b) => a + b);
            socket.On<string, object>("greet", async name =>
            {
                await Task.Yield();
                return new { Greeting = $"Hello {name}" };
            });
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());

        Assert.Equal(5, (await client.EmitWithAckAsync("add", 2, 3)).GetInt32());
        Assert.Equal("""{"greeting":"Hello Ada"}""", JsonSerializer.Serialize(await client.EmitWithAckAsync("greet", "Ada")));
    }
}
