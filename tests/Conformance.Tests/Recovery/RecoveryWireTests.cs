using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Recovery;

/// <summary>Connection state recovery on the wire (section L of the acceptance list).</summary>
public sealed class RecoveryWireTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [Trait("Behaviour", "91")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_HasAPrivateIdAndEventsAnOffset_OnlyWhenEnabled(bool isEnabled)
    {
        var server = await StartAsync(
            io => io.OnConnection(async socket =>
            {
                await socket.EmitAsync("plain", 1);
                await io.EmitAsync("broadcast", new byte[] { 7 });
                socket.On("ask", async context =>
                {
                    await socket.Volatile.EmitAsync("volatile");
                    await context.AckAsync("answer");
                });
                _ = socket.EmitWithAckAsync("acked");
            }),
            options => options.ConnectionStateRecovery = isEnabled ? new ConnectionStateRecoveryOptions() : null);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync("40");

        var reply = Parse((await socket.NextAsync()).Text[2..]);
        Assert.Equal(isEnabled ? ["sid", "pid"] : ["sid"], reply.EnumerateObject().Select(property => property.Name));
        var offset = isEnabled ? ",\"[^\"]+\"" : "";
        Assert.Matches($"^42\\[\"plain\",1{offset}\\]$", (await socket.NextAsync()).Text);
        Assert.Matches($"^451-\\[\"broadcast\",{{\"_placeholder\":true,\"num\":0}}{offset}\\]$", (await socket.NextAsync()).Text);
        Assert.Equal([7], (await socket.NextAsync()).Bytes);
        Assert.Equal("420[\"acked\"]", (await socket.NextAsync()).Text);
        await socket.SendAsync("425[\"ask\"]");
        var frame = (await socket.NextAsync()).Text;
        while (frame == "435[\"answer\"]")
        {
            // A volatile event is dropped when the former answer is still on its way.
            await socket.SendAsync("425[\"ask\"]");
            frame = (await socket.NextAsync()).Text;
        }

        Assert.Matches($"^42\\[\"volatile\"{offset}\\]$", frame);
        Assert.Equal("435[\"answer\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "92")]
    public async Task MissedPackets_ByWebSocket_ComeInOrderBeforeConnect()
    {
        var server = await StartAsync();
        var former = await LoseAsync(server);
        await EmitAllKindsAsync(server, former);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync(former.Connect);

        Assert.Matches("^42\\[\"all\",\"[^\"]+\"\\]$", (await socket.NextAsync()).Text);
        Assert.Matches("^451-\\[\"room\",{\"_placeholder\":true,\"num\":0},\"[^\"]+\"\\]$", (await socket.NextAsync()).Text);
        Assert.Equal([1, 2, 3], (await socket.NextAsync()).Bytes);
        Assert.Matches("^42\\[\"id\",\"[^\"]+\"\\]$", (await socket.NextAsync()).Text);
        Assert.Equal($"40{{\"sid\":\"{former.Sid}\",\"pid\":\"{former.Pid}\"}}", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "92")]
    public async Task MissedPackets_ThatAreMoreThanMayWait_AllCome()
    {
        const int Missed = 20;
        var server = await StartAsync(buffered: 10_000);
        var former = await LoseAsync(server);
        for (var i = 0; i < Missed; i++) await server.IO.EmitAsync("missed", i, new string('x', 2_000));
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync(former.Connect);

        for (var i = 0; i < Missed; i++)
        {
            Assert.StartsWith($"42[\"missed\",{i},", (await socket.NextAsync()).Text, StringComparison.Ordinal);
        }

        Assert.Equal($"40{{\"sid\":\"{former.Sid}\",\"pid\":\"{former.Pid}\"}}", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "92")]
    public async Task MissedPackets_ByPolling_ComeInOrderBeforeConnect()
    {
        var server = await StartAsync();
        var former = await LoseAsync(server);
        await EmitAllKindsAsync(server, former);
        using var polling = await RawPolling.OpenAsync(server.Address);

        await polling.SendAsync(former.Connect);

        Assert.Matches("^42\\[\"all\",\"[^\"]+\"\\]$", await polling.NextAsync());
        Assert.Matches("^451-\\[\"room\",{\"_placeholder\":true,\"num\":0},\"[^\"]+\"\\]$", await polling.NextAsync());
        Assert.Equal("bAQID", await polling.NextAsync());
        Assert.Matches("^42\\[\"id\",\"[^\"]+\"\\]$", await polling.NextAsync());
        Assert.Equal($"40{{\"sid\":\"{former.Sid}\",\"pid\":\"{former.Pid}\"}}", await polling.NextAsync());
    }

    [Theory]
    [Trait("Behaviour", "93")]
    [InlineData("unknown pid")]
    [InlineData("bogus offset")]
    [InlineData("another namespace")]
    public async Task Session_ThatIsNotThere_BeginsAnew(string mistake)
    {
        var server = await StartAsync();
        server.IO.Of("/other").OnConnection(_ => { });
        var former = await LoseAsync(server);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        var (ns, claimed) = mistake switch
        {
            "unknown pid" => ("", former with { Pid = "aaaaaaaaaaaaaaaaaaaa" }),
            "bogus offset" => ("", former with { Offset = former.Offset + "0" }),
            _ => ("/other,", former),
        };
        await socket.SendAsync($"40{ns}{claimed.Connect[2..]}");

        var reply = Parse((await socket.NextAsync()).Text[$"40{ns}".Length..]);
        Assert.NotEqual(former.Sid, reply.GetProperty("sid").GetString());
        Assert.NotEqual(former.Pid, reply.GetProperty("pid").GetString());
    }

    [Fact]
    [Trait("Behaviour", "93")]
    public async Task Session_AskedForTwice_IsGivenBackOnce()
    {
        var server = await StartAsync();
        var former = await LoseAsync(server);
        var (first, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var openedFirst = first;
        var (second, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var openedSecond = second;

        await Task.WhenAll(first.SendAsync(former.Connect), second.SendAsync(former.Connect));

        var replies = new[] { Parse((await first.NextAsync()).Text[2..]), Parse((await second.NextAsync()).Text[2..]) };
        Assert.Single(replies, reply => reply.GetProperty("sid").GetString() == former.Sid);
        Assert.Single(replies, reply => reply.GetProperty("pid").GetString() == former.Pid);
        Assert.Equal(2, server.IO.Sockets.Count);
    }

    [Fact]
    [Trait("Behaviour", "93")]
    public async Task Session_PastItsTime_BeginsAnew()
    {
        var time = new FakeTimeProvider();
        var server = await StartAsync(time);
        var former = await LoseAsync(server);
        time.Advance(TimeSpan.FromMinutes(2));
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync(former.Connect);

        Assert.NotEqual(former.Sid, Parse((await socket.NextAsync()).Text[2..]).GetProperty("sid").GetString());
    }

    private Task<SocketIOTestServer> StartAsync(TimeProvider? time = null, long? buffered = null) => StartAsync(
        io => io.OnConnection(async socket =>
        {
            if (!socket.Recovered)
            {
                await socket.JoinAsync("room");
                await socket.EmitAsync("welcome");
            }
        }),
        options =>
        {
            options.ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxDisconnectionDuration = TimeSpan.FromMinutes(2) };
            options.MaxBufferedBytesPerSession = buffered ?? options.MaxBufferedBytesPerSession;
        },
        builder => builder.Services.AddSingleton(time ?? TimeProvider.System));

    /// <summary>A client that has entered, has seen one event and has lost its connection.</summary>
    private static async Task<Identity> LoseAsync(SocketIOTestServer server)
    {
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await socket.SendAsync("40");
        var reply = Parse((await socket.NextAsync()).Text[2..]);
        var offset = Parse((await socket.NextAsync()).Text[2..])[1].GetString()!;
        var sid = reply.GetProperty("sid").GetString()!;
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.IO.Sockets[sid].OnDisconnect(_ => gone.TrySetResult());

        await socket.DisposeAsync();
        await gone.Task.WaitAsync(Long);
        return new Identity(sid, reply.GetProperty("pid").GetString()!, offset);
    }

    private static async Task EmitAllKindsAsync(SocketIOTestServer server, Identity former)
    {
        await server.IO.EmitAsync("all");
        await server.IO.To("room").EmitAsync("room", new byte[] { 1, 2, 3 });
        await server.IO.To(former.Sid).EmitAsync("id");
        await server.IO.To("other").EmitAsync("other room");
        await server.IO.Except("room").EmitAsync("not the room");
    }

    private sealed record Identity(string Sid, string Pid, string Offset)
    {
        public string Connect => $"40{{\"pid\":\"{Pid}\",\"offset\":\"{Offset}\"}}";
    }
}
