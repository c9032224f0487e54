using System.Net;
using System.Text.Json;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Requests;

public sealed class HandshakeTests
{
    private static readonly string[] OpenKeys = ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"];

    [Fact]
    [Trait("Behaviour", "1")]
    public async Task Get_WithoutSession_AnswersExactlyTheOpenPacket()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            options.PingInterval = TimeSpan.FromMilliseconds(300);
            options.PingTimeout = TimeSpan.FromMilliseconds(200);
        });

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal('0', body[0]);
        using var open = JsonDocument.Parse(body.AsMemory(1));
        Assert.Equal(OpenKeys, open.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Matches("^[A-Za-z0-9_-]{20}$", open.RootElement.GetProperty("sid").GetString());
        Assert.Equal("""["websocket"]""", open.RootElement.GetProperty("upgrades").GetRawText());
        Assert.Equal(300, open.RootElement.GetProperty("pingInterval").GetInt32());
        Assert.Equal(200, open.RootElement.GetProperty("pingTimeout").GetInt32());
        Assert.Equal(1_000_000, open.RootElement.GetProperty("maxPayload").GetInt32());
    }

    [Fact]
    [Trait("Behaviour", "2")]
    public async Task WebSocket_WithoutSession_OffersNoUpgrades()
    {
        await using var host = await EngineHost.StartAsync();

        var (socket, open) = await RawWebSocket.OpenAsync(host.Address);
        await using var _ = socket;

        Assert.Equal(OpenKeys, open.EnumerateObject().Select(property => property.Name));
        Assert.Equal("[]", open.GetProperty("upgrades").GetRawText());
    }

    [Theory]
    [Trait("Behaviour", "11")]
    [InlineData(EngineTransport.All, true, """["websocket"]""")]
    [InlineData(EngineTransport.All, false, "[]")]
    [InlineData(EngineTransport.Polling, true, "[]")]
    public async Task Get_UnderOptions_OffersOnlyWhatIsAllowed(EngineTransport transports, bool allowUpgrades, string expected)
    {
        await using var host = await EngineHost.StartAsync(
            options => (options.Transports, options.AllowUpgrades) = (transports, allowUpgrades));

        using var polling = await RawPolling.OpenAsync(host.Address);

        Assert.Equal(expected, polling.Handshake.GetProperty("upgrades").GetRawText());
    }

    [Fact]
    public async Task Handshake_Succeeds_CountsTheClientBeforeItsHandlerIsAsked()
    {
        EngineIOServer? server = null;
        var countAtAccept = -1;
        await using var host = await EngineHost.StartAsync(onAccept: _ => countAtAccept = server!.ClientsCount);
        server = host.Server;

        using var polling = await RawPolling.OpenAsync(host.Address);

        Assert.Equal(1, countAtAccept);
        Assert.Equal(1, server.ClientsCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handshake_WithInitialPacket_SendsItBehindTheOpenPacket(bool webSocket)
    {
        await using var host = await EngineHost.StartAsync(options => options.InitialPacket = "faster!");

        if (webSocket)
        {
            await using var socket = await RawWebSocket.ConnectAsync(host.Address);
            Assert.StartsWith("0{", (await socket.NextAsync()).Text, StringComparison.Ordinal);
            Assert.Equal("4faster!", (await socket.NextAsync()).Text);
        }
        else
        {
            var body = await host.Http.GetStringAsync("/socket.io/?EIO=4&transport=polling");
            Assert.Equal("4faster!", body.Split('\u001e')[1]);
        }
    }

    [Fact]
    public async Task Handler_SendsWhileAccepting_FollowsTheOpenPacketInTheSameResponse()
    {
        await using var host = await EngineHost.StartAsync(onAccept: session => session.Send("hello"));

        var body = await host.Http.GetStringAsync("/socket.io/?EIO=4&transport=polling");

        Assert.Matches("^0\\{.*\\}\u001e4hello$", body);
    }

    [Fact]
    public async Task Request_OfAPollingSession_OutlivesItsHttpContext()
    {
        await using var host = await EngineHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling&token=a%26b%3Dc&x=1&x=2");
        request.Headers.Add("X-Custom", "value=1&2");
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        using (await host.Http.SendAsync(request))
        {
        }

        // Other requests over the same connection, so that the server has recycled what it could.
        using (await host.Http.GetAsync("/other"))
        {
        }

        var session = await host.NextSessionAsync();
        Assert.Equal("/socket.io/?EIO=4&transport=polling&token=a%26b%3Dc&x=1&x=2", session.Session.Request.Url);
        Assert.Equal("a&b=c", session.Session.Request.Query["token"]);
        Assert.Equal("1,2", session.Session.Request.Query["x"]);
        Assert.Equal("value=1&2", session.Session.Request.Headers["x-custom"]);
        Assert.True(session.Session.Request.IsCrossDomain);
        Assert.False(session.Session.Request.IsSecure);
        Assert.Equal(IPAddress.Loopback, session.Session.Request.RemoteAddress);
        Assert.False(session.Session.Request.User.Identity!.IsAuthenticated);
    }
}
