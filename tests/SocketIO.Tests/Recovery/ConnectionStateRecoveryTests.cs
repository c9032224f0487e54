using System.Diagnostics.Metrics;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>Clients that come back (protocol.md 2.13; behaviours 91-94 without a network).</summary>
public sealed class ConnectionStateRecoveryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLoggerProvider _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Connect_WithoutTheOption_HasNoPrivateIdAndNoOffsets()
    {
        var server = new TestServer(timeProvider: _time);
        var gone = RecoverableClient.WhenNextDisconnects(server);
        var client = server.Open();

        client.Say("""40{"pid":"x","offset":"y"}""");
        Assert.DoesNotContain("pid", await client.NextAsync(), StringComparison.Ordinal);
        await server.Io.EmitAsync("hello", 1);
        await client.ExpectAsync("""42["hello",1]""");
        client.End();
        await gone;

        Assert.Null(server.Io.Adapter.Restore("x", "y"));
    }

    [Fact]
    public void Server_WithAnAdapterThatKeepsNothing_DoesNotStart()
    {
        var adapters = new StandInAdapters { SupportsConnectionStateRecovery = false };

        var error = Assert.Throws<InvalidOperationException>(
            () => new TestServer(o => o.ConnectionStateRecovery = new(), adapters: adapters));

        Assert.StartsWith("ConnectionStateRecovery is set, but StandInAdapters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emits_OfAllKinds_HaveAnOffsetWhereTheClientLooksForOne()
    {
        var server = Start();
        server.Io.OnConnection(async socket =>
        {
            await socket.EmitAsync("plain");
            await server.Io.EmitAsync("broadcast");
            await socket.Volatile.EmitAsync("volatile", "text");
            await server.Io.Volatile.EmitAsync("volatile broadcast");
            await socket.Volatile.EmitAsync("volatile number", 1);
            _ = socket.EmitWithAckAsync("ack");
            _ = server.Io.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<string>("ack broadcast");
        });
        var client = server.Open();
        client.Say("40");
        await client.NextAsync();

        Assert.Matches("""^42\["plain","[^"]+"\]$""", await client.NextAsync());
        var broadcast = await client.NextAsync();
        Assert.Matches("""^42\["broadcast","[^"]+"\]$""", broadcast);
        var position = JsonDocument.Parse(broadcast[2..]).RootElement[1].GetString();
        await client.ExpectAsync(
            $"""42["volatile","text","{position}"]""", $"""42["volatile broadcast","{position}"]""", """42["volatile number",1]""",
            """420["ack"]""", """421["ack broadcast"]""");
    }

    [Fact]
    public async Task OutgoingListeners_HearEventsWithoutTheOffset()
    {
        var server = Start();
        var heard = new TaskCompletionSource<int>();
        server.Io.OnConnection(socket =>
        {
            socket.OnAnyOutgoing(e =>
            {
                // What opens the connection may come first.
                if (e.EventName == "hello")
                {
                    heard.TrySetResult(e.Count);
                }
            });
            return socket.EmitAsync("hello", 1, 2).AsTask();
        });

        await RecoverableClient.OpenAsync(server);

        Assert.Equal(2, await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Session_PastItsTime_IsNotRestored()
    {
        var server = Start();
        var former = await RecoverableClient.LoseAsync(server);

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.NotEqual(former.Sid, (await RecoverableClient.ReturnAsync(server, former)).Sid);
    }

    [Fact]
    public async Task Session_JustWithinItsTime_IsRestored()
    {
        var server = Start();
        var former = await RecoverableClient.LoseAsync(server);

        _time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));

        Assert.Equal(former.Sid, (await RecoverableClient.ReturnAsync(server, former)).Sid);
    }

    [Fact]
    public async Task Session_OfAnotherUser_IsNotRestored()
    {
        var server = Start();
        var former = await RecoverableClient.LoseAsync(server);
        var other = new TestClient
        {
            Request = new SessionRequest
            {
                Url = "/", Query = new Microsoft.AspNetCore.Http.QueryCollection(),
                Headers = new Microsoft.AspNetCore.Http.HeaderDictionary(),
                RemoteAddress = null, IsSecure = false, IssuedAt = DateTimeOffset.UnixEpoch,
                User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "mallory")], "test")),
            },
        };
        other.Attach(server.Server.Accept(other));

        Assert.NotEqual(former.Sid, (await RecoverableClient.ReturnAsync(server, former, other)).Sid);
    }

    [Theory]
    [InlineData("eve", true)]
    [InlineData("mallory", false)]
    public async Task Session_IsRestoredForTheUserThatTheNamespaceFoundBefore(string user, bool isRestored)
    {
        var server = Start();
        var users = new Queue<string>(["eve", user, user]);
        server.Io.Authenticate((_, _) => ValueTask.FromResult<ClaimsPrincipal?>(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, users.Dequeue())], "test"))));
        var former = await RecoverableClient.LoseAsync(server);

        Assert.Equal(isRestored, former.Sid == (await RecoverableClient.ReturnAsync(server, former)).Sid);
    }

    [Fact]
    public async Task Session_OfAClientThatIsNotAllowedAnyMore_IsRefusedThoughMiddlewaresAreSkipped()
    {
        var server = Start();
        var isAllowed = true;
        server.Io.Authenticate((_, _) => isAllowed ? default : throw new ConnectErrorException("banned"));
        var former = await RecoverableClient.LoseAsync(server);
        isAllowed = false;
        var client = server.Open();

        client.Say($$"""40{"pid":"{{former.Pid}}","offset":"{{former.Offset}}"}""");

        await client.ExpectAsync("""44{"message":"banned"}""");
    }

    [Theory]
    [InlineData("\"pid\":1,\"offset\":\"x\"")]
    [InlineData("\"pid\":\"x\"")]
    [InlineData("\"pid\":\"x\",\"offset\":null")]
    [InlineData("\"pid\":{},\"offset\":[]")]
    public async Task Connect_WithNonsense_BeginsANewSession(string auth)
    {
        var server = Start();
        var client = server.Open();

        client.Say($"40{{{auth}}}");

        Assert.Matches("""^40\{"sid":"[^"]{20}","pid":"[^"]{20}"\}$""", await client.NextAsync());
    }

    [Fact]
    public async Task Client_ThatGoesAgainWhileItComesBack_MayComeBackOnceMore()
    {
        var mayGoOn = new TaskCompletionSource();
        var isIn = new TaskCompletionSource();
        var server = Start(o =>
        {
            o.SkipMiddlewares = false;
            o.MaxSessions = 1;
        });
        var other = await RecoverableClient.OpenAsync(server);
        var former = await RecoverableClient.LoseAsync(server);
        server.Io.Use(async (_, next) =>
        {
            isIn.TrySetResult();
            await mayGoOn.Task;
            await next();
        });
        var hasty = server.Open();
        hasty.Say($$"""40{"pid":"{{former.Pid}}","offset":"{{former.Offset}}"}""");
        await isIn.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // The other's is kept in the meantime, and has to give way when this one's is kept again.
        var otherIsGone = RecoverableClient.WhenNextDisconnects(server, other.Sid);
        other.Client.End();
        await otherIsGone;
        using var forgotten = new MetricCollector<long>(
            TestServer.Meters, SocketIOMetrics.MeterName, "orleansrooms.socketio.recovery.forgotten");
        hasty.End();
        mayGoOn.SetResult();
        await forgotten.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(30));

        Assert.Equal(former.Sid, (await RecoverableClient.ReturnAsync(server, former)).Sid);
    }

    [Fact]
    public async Task Middleware_ThatRefusesAClientThatComesBack_EndsTheSession()
    {
        var server = Start(o => o.SkipMiddlewares = false);
        var former = await RecoverableClient.LoseAsync(server);
        var seen = new List<(bool Recovered, string[] Rooms)>();
        var isRefusing = true;
        server.Io.Use((socket, next) =>
        {
            seen.Add((socket.Recovered, [.. socket.Rooms]));
            return isRefusing ? throw new ConnectErrorException("no") : next();
        });
        var client = server.Open();

        client.Say($$"""40{"pid":"{{former.Pid}}","offset":"{{former.Offset}}"}""");

        await client.ExpectAsync("""44{"message":"no"}""");
        isRefusing = false;
        Assert.NotEqual(former.Sid, (await RecoverableClient.ReturnAsync(server, former)).Sid);
        Assert.Equal((true, former.Sid), (seen[0].Recovered, seen[0].Rooms[0]));
        Assert.False(seen[1].Recovered);
    }

    [Fact]
    public async Task MissedPackets_ThatGoWhileMiddlewaresRun_MakeTheClientBeginAnew()
    {
        var server = Start(o =>
        {
            o.SkipMiddlewares = false;
            o.MaxPackets = 2;
        });
        var former = await RecoverableClient.LoseAsync(server);
        var passes = 0;
        server.Io.Use(async (_, next) =>
        {
            if (++passes == 1)
            {
                for (var i = 0; i < 5; i++) await server.Io.EmitAsync("flood");
            }

            await next();
        });

        var back = await RecoverableClient.ReturnAsync(server, former);

        Assert.NotEqual(former.Sid, back.Sid);
        Assert.Equal(2, passes);
    }

    [Fact]
    public async Task Limits_WhenReached_AreCountedAndLoggedOncePerEpisode()
    {
        using var forgotten = new MetricCollector<long>(
            TestServer.Meters, SocketIOMetrics.MeterName, "orleansrooms.socketio.recovery.forgotten");
        var before = forgotten.GetMeasurementSnapshot().EvaluateAsCounter();
        var server = Start(o => o.MaxPackets = 3);

        for (var i = 0; i < 10; i++) await server.Io.EmitAsync("hello");

        Assert.Equal(7, forgotten.GetMeasurementSnapshot().EvaluateAsCounter() - before);
        Assert.Single(_logs.Collector.GetSnapshot(), record => record.Id.Name == "RecoveryForgetting" && record.Level == LogLevel.Warning);
    }

    private TestServer Start(Action<ConnectionStateRecoveryOptions>? configure = null, Adapters.IAdapterFactory? adapters = null)
    {
        var recovery = new ConnectionStateRecoveryOptions();
        configure?.Invoke(recovery);
        var loggers = LoggerFactory.Create(builder => builder.AddProvider(_logs));
        var metrics = new SocketIOMetrics(TestServer.Meters);
        return new TestServer(
            o => o.ConnectionStateRecovery = recovery, _time, adapters, loggers, metrics: metrics);
    }
}
