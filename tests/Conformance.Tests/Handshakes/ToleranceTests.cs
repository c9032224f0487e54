using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Handshakes;

/// <summary>What clients send that Node.js takes as well, and what nobody else is to learn of it.</summary>
public sealed class ToleranceTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Parameters_OfTheClientsOwn_AreNotTakenForThoseOfTheProtocol(string transport)
    {
        var server = await StartAsync(io => io.OnConnection(
            socket => socket.EmitAsync("token", socket.Handshake.Query["token"].ToString().Length)));
        var query = new Dictionary<string, string>
        {
            ["SID"] = "1", ["Sid"] = "2", ["Transport"] = "bus", ["J"] = "3", ["eio"] = "3", ["token"] = new string('x', 10_000),
        };
        string[] transports = transport == "upgrade" ? ["polling", "websocket"] : [transport];

        var client = await Js.ConnectAsync(server.Address.ToString(), new { query, transports });

        Assert.Equal(10_000, (await client.NextAsync("token")).Get<int>());
    }

    [Fact]
    public async Task Integer_WrittenWithAFraction_IsOne()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On<int>("count", n => socket.EmitAsync("counted", n + 1))));
        await using var client = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await client.SendAsync("""42["count",41.0]""");

        Assert.Equal("""42["counted",42]""", (await client.NextAsync()).Text);
    }

    [Fact]
    public async Task Middleware_ThatHangs_TellsTheClientWhichDoesNotComeBack()
    {
        var connections = 0;
        var hangs = new TaskCompletionSource();
        var server = await StartAsync(
            io =>
            {
                io.Of("/hanging").Use((_, _) => hangs.Task);
                io.Engine.SessionOpened += (_, _) => Interlocked.Increment(ref connections);
            },
            options => options.ConnectTimeout = TimeSpan.FromSeconds(1));

        // The stock client's own patience is longer than the server's, and it comes back after a connection that was closed.
        var client = await Js.OpenAsync($"{server.Address}hanging", new { reconnectionDelay = 1, reconnectionDelayMax = 1 });
        var error = await client.NextAsync("connect_error");
        await Js.ConnectAsync(server.Address.ToString());

        Assert.Equal("Connection timed out", error.Args[0].GetProperty("message").GetString());
        Assert.Equal(2, connections);
        hangs.SetResult();
    }

    [Fact]
    public async Task Event_BehindADisconnectInOnePayload_IsNotHandled()
    {
        var events = 0;
        var gone = new Inbox<string>(() => "the server");
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            socket.OnAny(_ => { Interlocked.Increment(ref events); });
            socket.OnDisconnect(reason => gone.Add(reason.ToProtocolString()));
        }));
        using var client = await RawPolling.OpenAsync(server.Address);
        await client.SendAsync("40");
        await client.NextAsync();

        await client.SendAsync("41", """42["behind"]""");

        Assert.Equal("client namespace disconnect", await gone.TakeAsync(_ => true, "the disconnect"));
        Assert.Equal("6", await client.NextAsync());
        Assert.Equal(0, events);
    }

    /// <summary>Whoever reads logs could use a session with its id, unless the session has a user.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SessionId_IsLoggedByNobodyButTheHost_WhichCanBeToldNotTo(bool isTold)
    {
        const string Host = "Microsoft.AspNetCore.Hosting.Diagnostics";
        var server = await StartAsync(builder: web =>
        {
            web.Logging.SetMinimumLevel(LogLevel.Trace);
            if (isTold) web.Logging.AddFilter(Host, LogLevel.Warning);
        });
        using var client = await RawPolling.OpenAsync(server.Address);
        await client.SendAsync("40");
        await client.NextAsync();
        await using (await RawWebSocket.ConnectAsync(server.Address, client.Sid))
        {
            await client.SendAsync("1");
        }

        using var late = await client.PostAsync("4late");
        var telling = server.Logs.GetSnapshot().Where(record => record.Message.Contains(client.Sid, StringComparison.Ordinal));
        Assert.Equal(isTold ? [] : [Host], telling.Select(record => record.Category).Distinct());
    }
}
