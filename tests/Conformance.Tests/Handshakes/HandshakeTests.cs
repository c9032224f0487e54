using System.Net;
using OrleansRooms.EngineIO;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Handshakes;

/// <summary>How a session begins (section A of the acceptance list).</summary>
public sealed class HandshakeTests(JsClientsFixture js) : ServerTests(js)
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";

    [Fact]
    [Trait("Behaviour", "1")]
    public async Task Polling_Handshake_AnswersWithTheOpenPacket()
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync(Polling);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal('0', body[0]);
        var open = Parse(body[1..]);
        Assert.Equal(
            ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], open.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["websocket"]""", open.GetProperty("upgrades").GetRawText());
        Assert.Equal(25_000, open.GetProperty("pingInterval").GetInt32());
        Assert.Equal(20_000, open.GetProperty("pingTimeout").GetInt32());
        Assert.Equal(1_000_000, open.GetProperty("maxPayload").GetInt32());
        Assert.True(open.GetProperty("sid").GetString()!.Length >= 20);
    }

    [Fact]
    [Trait("Behaviour", "2")]
    public async Task WebSocket_Handshake_OpenPacketIsTheFirstFrame()
    {
        var server = await StartAsync();

        await using var socket = await RawWebSocket.ConnectAsync(server.Address);
        var frame = await socket.NextAsync();

        Assert.Equal('0', frame.Text[0]);
        var open = Parse(frame.Text[1..]);
        Assert.Equal(
            ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], open.EnumerateObject().Select(property => property.Name));
        Assert.Equal("[]", open.GetProperty("upgrades").GetRawText());
    }

    [Theory]
    [InlineData("transport=polling", "3")]
    [InlineData("EIO=abc&transport=polling", "3")]
    [InlineData("EIO=3&transport=polling", "3")]
    [InlineData("EIO=4", "4")]
    [InlineData("EIO=4&transport=tcp", "4")]
    [InlineData("EIO=4&transport=__proto__", "4")]
    [InlineData("EIO=4&transport=constructor", "4")]
    [InlineData("EIO=4&transport=webtransport", "4")]
    public async Task Handshake_UnknownProtocolOrTransport_IsRefused(string query, string behaviour)
    {
        var expected = behaviour == "3" ? (5, "Unsupported protocol version") : (0, "Transport unknown");
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync($"/socket.io/?{query}");

        await AssertErrorAsync(response, expected);
    }

    [Fact]
    [Trait("Behaviour", "3")]
    public async Task Handshake_WithoutProtocolVersion_IsRefusedForWebSocketsBeforeTheSwitch()
    {
        var server = await StartAsync();

        var refusal = await Assert.ThrowsAsync<UpgradeRefusedException>(
            () => RawWebSocket.ConnectAsync(server.Address, extraQuery: "&EIO=3"));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
    }

    [Fact]
    [Trait("Behaviour", "5")]
    public async Task Request_UnknownSid_IsRefused()
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        using var get = await http.GetAsync($"{Polling}&sid=unknown");
        using var post = await http.PostAsync($"{Polling}&sid=unknown", new StringContent("40"));
        var upgrade = await Assert.ThrowsAsync<UpgradeRefusedException>(() => RawWebSocket.ConnectAsync(server.Address, sid: "unknown"));

        await AssertErrorAsync(get, (1, "Session ID unknown"));
        await AssertErrorAsync(post, (1, "Session ID unknown"));
        Assert.Equal(HttpStatusCode.BadRequest, upgrade.Status);
    }

    [Theory]
    [Trait("Behaviour", "6")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task Request_OtherMethodWithoutSid_IsRefused(string method)
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), Polling);

        using var response = await http.SendAsync(request);

        await AssertErrorAsync(response, (2, "Bad handshake method"));
    }

    [Fact]
    [Trait("Behaviour", "7")]
    public async Task Request_WebSocketWithoutUpgrade_IsRefused()
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync("/socket.io/?EIO=4&transport=websocket");

        await AssertErrorAsync(response, (3, "Bad request"));
    }

    [Fact]
    [Trait("Behaviour", "7")]
    public async Task Request_OtherTransportThanTheSessions_IsRefusedAndTheSessionGoesOn()
    {
        var server = await StartAsync();
        using var polling = await RawPolling.OpenAsync(server.Address);
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync($"/socket.io/?EIO=4&transport=websocket&sid={polling.Sid}");

        await AssertErrorAsync(response, (3, "Bad request"));
        await polling.SendAsync("40");
        Assert.StartsWith("40", await polling.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Behaviour", "8")]
    public async Task AllowRequest_Refuses_WithItsMessage()
    {
        var server = await StartAsync(options: options => options.AllowRequest = async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
            return AllowRequestResult.Refuse("Come back tomorrow");
        });
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync(Polling);
        var upgrade = await Assert.ThrowsAsync<UpgradeRefusedException>(() => RawWebSocket.ConnectAsync(server.Address));

        await AssertErrorAsync(response, (4, "Come back tomorrow"), HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.BadRequest, upgrade.Status);
    }

    [Fact]
    [Trait("Behaviour", "8")]
    public async Task AllowRequest_RequestsOfASession_AreNotAsked()
    {
        var asked = 0;
        var server = await StartAsync(options: options => options.AllowRequest = (_, _) =>
        {
            Interlocked.Increment(ref asked);
            return new(AllowRequestResult.Allow);
        });

        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        await polling.NextAsync();
        await using var upgrade = await RawWebSocket.ConnectAsync(server.Address, polling.Sid);

        Assert.Equal(1, asked);
    }

    [Fact]
    [Trait("Behaviour", "9")]
    public async Task Path_BelowThePattern_IsServedAndOthersAreNot()
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/socket.io/default/?EIO=4&transport=polling"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/socket.io?EIO=4&transport=polling"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/socket.iox/?EIO=4&transport=polling"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/?EIO=4&transport=polling"));
    }

    [Fact]
    [Trait("Behaviour", "9")]
    public async Task Path_WithoutTrailingSlash_IsServedWhenTheOptionSaysSo()
    {
        var server = await StartAsync(options: options => options.AddTrailingSlash = false);
        using var http = server.CreateHttpClient();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/socket.io?EIO=4&transport=polling"));
    }

    [Fact]
    [Trait("Behaviour", "10")]
    public async Task Path_OfItsOwn_ReplacesTheUsualOne()
    {
        var server = await StartAsync(pattern: "/my-path");
        using var http = server.CreateHttpClient();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/my-path/?EIO=4&transport=polling"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, Polling));
    }

    [Fact]
    [Trait("Behaviour", "11")]
    public async Task Transports_OnlyWebSocket_RefusesPolling()
    {
        var server = await StartAsync(options: options => options.Transports = EngineTransport.WebSocket);
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync(Polling);

        await AssertErrorAsync(response, (0, "Transport unknown"));
    }

    [Theory]
    [Trait("Behaviour", "11")]
    [InlineData(EngineTransport.Polling, true)]
    [InlineData(EngineTransport.All, false)]
    public async Task Transports_WithoutUpgrade_AdvertisesNone(EngineTransport transports, bool allowUpgrades)
    {
        var server = await StartAsync(options: options =>
        {
            options.Transports = transports;
            options.AllowUpgrades = allowUpgrades;
        });

        using var polling = await RawPolling.OpenAsync(server.Address);

        Assert.Equal("[]", polling.Handshake.GetProperty("upgrades").GetRawText());
    }

    [Fact]
    [Trait("Behaviour", "12")]
    public async Task Cookie_Configured_IsOnTheFirstResponseOnly()
    {
        var server = await StartAsync(options: options => options.Cookie = new SessionCookieBuilder());
        using var http = server.CreateHttpClient();

        using var first = await http.GetAsync(Polling);
        var sid = Parse((await first.Content.ReadAsStringAsync())[1..]).GetProperty("sid").GetString();
        using var second = await http.PostAsync($"{Polling}&sid={sid}", new StringContent("40"));

        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Equal($"io={sid}; path=/; httponly; samesite=lax", SortedTail(cookie), ignoreCase: true);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Trait("Behaviour", "12")]
    public async Task Cookie_ByDefault_IsNotSet()
    {
        var server = await StartAsync();
        using var http = server.CreateHttpClient();

        using var response = await http.GetAsync(Polling);

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Trait("Behaviour", "13")]
    public async Task Handshake_QueryAndHeadersOfTheClient_ArriveUnchanged()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.EmitAsync(
            "handshake", socket.Handshake.Query["token"].ToString(), socket.Handshake.Headers["x-token"].ToString())));

        var client = await Js.ConnectAsync(
            server.Address.ToString(),
            new { query = new { token = "a&b=c d" }, extraHeaders = new Dictionary<string, string> { ["x-token"] = "e&f=g" } });
        var handshake = await client.NextAsync("handshake");

        Assert.Equal("a&b=c d", handshake.Get<string>());
        Assert.Equal("e&f=g", handshake.Get<string>(1));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string url)
    {
        using var response = await http.GetAsync(url);
        return response.StatusCode;
    }

    private static async Task AssertErrorAsync(
        HttpResponseMessage response, (int Code, string Message) expected, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            $$"""{"code":{{expected.Code}},"message":"{{expected.Message}}"}""", await response.Content.ReadAsStringAsync());
    }

    // Attributes of a cookie have no order.
    private static string SortedTail(string cookie)
    {
        string[] wanted = ["path", "httponly", "samesite"];
        var parts = cookie.Split("; ");
        var others = parts[1..].OrderBy(
            part => Array.FindIndex(wanted, name => part.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        return string.Join("; ", [parts[0], .. others]);
    }
}
