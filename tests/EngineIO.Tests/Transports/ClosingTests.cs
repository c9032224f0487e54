using System.Net.WebSockets;
using System.Net;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class ClosingTests
{
    [Fact]
    public async Task Close_WhileAPollWaits_AnswersItWithClose()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var poll = client.GetAsync();
        await session.WritableAsync();

        session.Session.Close();

        Assert.False(session.Session.IsOpen);
        Assert.Equal("1", await (await poll).Content.ReadAsStringAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
        using var later = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
    }

    [Fact]
    public async Task ClosePacket_BehindWhichAPollComes_AnswersItAsOneThatWaited()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await client.SendAsync("1");
        Assert.Equal(CloseReason.TransportClose, (await session.Closed).Reason);
        using var poll = await client.GetAsync();
        using var later = await client.GetAsync();

        Assert.Equal((HttpStatusCode.OK, "6"), (poll.StatusCode, await poll.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    public async Task ClosePacket_WhileAPollWaits_LeavesNoAnswerForAnother()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var poll = client.GetAsync();
        await session.WritableAsync();

        await client.SendAsync("1");
        using var later = await client.GetAsync();

        Assert.Equal("6", await (await poll).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
    }

    [Fact]
    public async Task Close_AndTheClientIsGone_EndsWithTheHeartbeat()
    {
        await using var host = await EngineHost.StartAsync(options =>
            (options.PingInterval, options.PingTimeout) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(50)));
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        session.Send("never collected");
        session.Session.Close();

        // As in Node.js; the time for closing is half a minute.
        Assert.Equal(CloseReason.PingTimeout, (await session.Closed).Reason);
    }

    [Fact]
    public async Task Close_WithoutAPoll_TellsTheNextOne()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        session.Session.Close();
        Assert.False(session.Send("too late"));
        Assert.Equal(1, host.Server.ClientsCount);
        using var poll = await client.GetAsync();

        Assert.Equal("6\u001e1", await poll.Content.ReadAsStringAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
        using var later = await client.GetAsync();
        Assert.Equal("""{"code":1,"message":"Session ID unknown"}""", await later.Content.ReadAsStringAsync());
    }

    [Theory]
    [Trait("Behaviour", "88")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_WithPacketsQueued_SendsThemFirst(bool pollWaits)
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var poll = pollWaits ? client.GetAsync() : null;
        if (pollWaits) await session.WritableAsync();

        session.Send("""2["last"]""");
        session.Session.Close();
        poll ??= client.GetAsync();

        Assert.Equal("""42["last"]""", await (await poll).Content.ReadAsStringAsync());
        using (var next = await client.GetAsync()) Assert.Equal("6\u001e1", await next.Content.ReadAsStringAsync());
        using var later = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
    }

    [Fact]
    public async Task Close_NotCollectedInTime_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync(options => options.CloseTimeout = TimeSpan.FromMilliseconds(50));
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        session.Send("never collected");
        session.Session.Close();

        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    public async Task Close_WhileUpgrading_CompletesTheUpgradeThenCloses()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, client.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        session.Send("last");
        session.Session.Close();
        await socket.SendAsync("5");

        Assert.Equal("4last", (await socket.NextAsync()).Text);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
    }

    [Fact]
    public async Task Abort_WhileUpgrading_ClosesTheWebSocketToo()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, client.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        session.Session.Abort();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    public async Task Abort_OnPolling_DiscardsWhatIsQueued()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        session.Send("discarded");
        session.Session.Abort();

        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
        using var poll = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, poll.StatusCode);
    }

    [Fact]
    public async Task Abort_OnWebSocket_ClosesIt()
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        session.Session.Abort();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_Throws_EndsOnlyItsOwnSession(bool webSocket)
    {
        await using var host = await EngineHost.StartAsync();
        using var bystander = await RawPolling.OpenAsync(host.Address);
        await host.NextSessionAsync();
        RawWebSocket? socket = null;
        RawPolling? client = null;
        if (webSocket) socket = (await RawWebSocket.OpenAsync(host.Address)).Socket;
        else client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        session.OnMessageInstead = (_, _) => throw new InvalidOperationException("broken handler");

        if (socket is not null) await socket.SendAsync("4hello");
        if (client is not null) await client.SendAsync("4hello");

        Assert.Equal(CloseReason.TransportError, (await session.Closed).Reason);
        Assert.Equal("broken handler", Assert.Single(host.Complaints).Exception!.Message);
        await bystander.SendAsync("4still here");
        Assert.Equal("4still here", await bystander.NextAsync());
        if (socket is not null) await socket.DisposeAsync();
        client?.Dispose();
    }

    [Fact]
    public async Task Acceptor_Throws_RefusesTheClientAndKeepsNothing()
    {
        await using var host = await EngineHost.StartAsync(onAccept: _ => throw new InvalidOperationException("broken acceptor"));

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        await using var socket = await RawWebSocket.ConnectAsync(host.Address);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal(0, host.Server.ClientsCount);
        Assert.All(host.Complaints, complaint => Assert.Equal("broken acceptor", complaint.Exception!.Message));
    }
}
