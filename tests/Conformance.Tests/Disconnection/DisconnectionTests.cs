using Microsoft.AspNetCore.Hosting;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Disconnection;

/// <summary>How connections end and come back (section K of the acceptance list).</summary>
public sealed class DisconnectionTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [Trait("Behaviour", "87")]
    [InlineData("websocket")]
    [InlineData("polling")]
    public async Task Client_Disconnects_ServerSeesClientNamespaceDisconnect(string transport)
    {
        var (server, reason) = await StartWatchingAsync();
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.DisconnectAsync();

        Assert.Equal("client namespace disconnect", await reason);
        Assert.Equal("io client disconnect", (await client.NextAsync("disconnect")).Get<string>());
    }

    [Theory]
    [Trait("Behaviour", "87")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_Disconnects_ClientSeesIt(bool close)
    {
        var (server, reason) = await StartWatchingAsync(socket => socket.On("bye", _ => socket.DisconnectAsync(close)));
        var client = await Js.ConnectAsync(server.Address.ToString());

        await client.EmitAsync("bye");

        Assert.Equal("server namespace disconnect", await reason);
        Assert.Equal("io server disconnect", (await client.NextAsync("disconnect")).Get<string>());
    }

    [Fact]
    [Trait("Behaviour", "87")]
    public async Task Connection_Lost_IsTransportClose()
    {
        var (server, reason) = await StartWatchingAsync();
        var client = await Js.ConnectAsync(server.Address.ToString(), new { transports = new[] { "websocket" }, reconnection = false });

        await client.DropAsync();

        Assert.Equal("transport close", await reason);
    }

    [Fact]
    [Trait("Behaviour", "87")]
    public async Task Server_ShutsDown_IsTransportCloseForTheClient()
    {
        var (server, reason) = await StartWatchingAsync();
        var client = await Js.ConnectAsync(server.Address.ToString(), new { transports = new[] { "websocket" }, reconnection = false });

        await server.StopAsync();

        Assert.Equal("server shutting down", await reason);
        Assert.Equal("transport close", (await client.NextAsync("disconnect")).Get<string>());
    }

    [Fact]
    [Trait("Behaviour", "87")]
    public async Task Client_BreaksTheProtocol_IsForcedClose()
    {
        var (server, reason) = await StartWatchingAsync();
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync("42[]");

        Assert.Equal("forced close", await reason);
    }

    [Fact]
    [Trait("Behaviour", "88")]
    public async Task DisconnectAndClose_AfterAnEmit_SendsBothThenCloses()
    {
        var server = await StartAsync(io =>
        {
            io.Of("/b").OnConnection(_ => { });
            io.OnConnection(socket => socket.On("bye", async _ =>
            {
                await socket.EmitAsync("last");
                await socket.DisconnectAsync(close: true);
            }));
        });
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await socket.SendAsync("40/b,");
        await socket.NextAsync();

        await socket.SendAsync("42[\"bye\"]");

        Assert.Equal("42[\"last\"]", (await socket.NextAsync()).Text);
        Assert.Equal("41", (await socket.NextAsync()).Text);
        Assert.Equal("41/b,", (await socket.NextAsync()).Text);
        await socket.WaitForCloseAsync();
    }

    [Fact]
    [Trait("Behaviour", "88")]
    public async Task DisconnectAndClose_ByPolling_SendsEverythingThenCloses()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("bye", async _ =>
        {
            await socket.EmitAsync("last");
            await socket.DisconnectAsync(close: true);
        })));
        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        Assert.StartsWith("40", await polling.NextAsync(), StringComparison.Ordinal);

        await polling.SendAsync("42[\"bye\"]");

        Assert.Equal("42[\"last\"]", await polling.NextAsync());
        Assert.Equal("41", await polling.NextAsync());
        var end = await polling.NextAsync();
        Assert.Equal("1", end == "6" ? await polling.NextAsync() : end);
        using var response = await polling.GetAsync();
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "89")]
    public async Task Disconnecting_SeesTheRoomsAndDisconnectDoesNot()
    {
        var seen = new TaskCompletionSource<(string[] Before, string[] After)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            string[] before = [];
            await socket.JoinAsync("room");
            socket.OnDisconnecting(_ => before = [.. socket.Rooms]);
            socket.OnDisconnect(_ => seen.SetResult((before, [.. socket.Rooms])));
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());
        var id = (await client.StateAsync()).Id;

        await client.DisconnectAsync();

        var (before, after) = await seen.Task.WaitAsync(Long);
        Assert.Equal([id!, "room"], before);
        Assert.Empty(after);
    }

    [Fact]
    [Trait("Behaviour", "90")]
    public async Task Client_ServerRestarts_ReconnectsAndSendsWhatItKept()
    {
        var first = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(
            first.Address.ToString(), new { reconnectionDelay = 100, reconnectionDelayMax = 200, transports = new[] { "websocket" } });
        var oldId = (await client.StateAsync()).Id;

        await first.StopAsync();
        await first.DisposeAsync();
        await client.NextAsync("disconnect");
        await client.EmitAsync("message", "kept");
        await StartAsync(SuiteServer.ConfigureEcho, builder: builder => builder.WebHost.UseUrls(first.Address.ToString()));

        await client.NextAsync("connect", e => e.Args[0].GetProperty("id").GetString() != oldId);
        Assert.Equal("kept", (await client.NextAsync("message-back")).Get<string>());
    }

    [Theory]
    [Trait("Behaviour", "90")]
    [MemberData(nameof(PlainTransports))]
    public async Task Client_LosesItsConnection_ReconnectsWithANewId(string transport)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(
            server.Address.ToString(), new { reconnectionDelay = 50, transports = new[] { transport } });
        var oldId = (await client.StateAsync()).Id;

        await client.DropAsync();
        await client.NextAsync("disconnect");
        var again = await client.NextAsync("connect");

        Assert.NotEqual(oldId, again.Args[0].GetProperty("id").GetString());
        Assert.Equal("hello", (await client.EmitWithAckAsync("message-with-ack", "hello")).GetString());
    }

    private async Task<(TestKit.Hosting.SocketIOTestServer Server, Task<string> Reason)> StartWatchingAsync(
        Action<ISocket>? configure = null)
    {
        var reason = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            socket.OnDisconnect(r => reason.TrySetResult(r.ToProtocolString()));
            configure?.Invoke(socket);
        }));
        return (server, reason.Task.WaitAsync(Long));
    }
}
