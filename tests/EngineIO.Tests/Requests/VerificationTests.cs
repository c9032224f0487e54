using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Requests;

public sealed class VerificationTests
{
    private const string TransportUnknown = """{"code":0,"message":"Transport unknown"}""";
    private const string SessionIdUnknown = """{"code":1,"message":"Session ID unknown"}""";
    private const string BadHandshakeMethod = """{"code":2,"message":"Bad handshake method"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string UnsupportedProtocolVersion = """{"code":5,"message":"Unsupported protocol version"}""";

    [Theory]
    [Trait("Behaviour", "3")]
    [Trait("Behaviour", "4")]
    [Trait("Behaviour", "5")]
    [Trait("Behaviour", "6")]
    [Trait("Behaviour", "7")]
    [InlineData("GET", "transport=polling", UnsupportedProtocolVersion)]
    [InlineData("GET", "transport=polling&EIO=abc", UnsupportedProtocolVersion)]
    [InlineData("GET", "transport=polling&EIO=3", UnsupportedProtocolVersion)]
    [InlineData("GET", "transport=polling&EIO=4&EIO=3", UnsupportedProtocolVersion)]
    [InlineData("GET", "transport=polling&eio=4", UnsupportedProtocolVersion)]
    [InlineData("GET", "", TransportUnknown)]
    [InlineData("GET", "EIO=4", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=abc", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=__proto__", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=constructor", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=webtransport", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=polling&transport=abc", TransportUnknown)]
    [InlineData("GET", "EIO=4&Transport=polling", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=polling&j=0", TransportUnknown)]
    [InlineData("GET", "EIO=4&transport=polling&sid=abc", SessionIdUnknown)]
    [InlineData("POST", "EIO=4&transport=polling&sid=abc", SessionIdUnknown)]
    [InlineData("POST", "EIO=4&transport=polling", BadHandshakeMethod)]
    [InlineData("PUT", "EIO=4&transport=polling", BadHandshakeMethod)]
    [InlineData("OPTIONS", "EIO=4&transport=polling", BadHandshakeMethod)]
    [InlineData("GET", "EIO=4&transport=websocket", BadRequest)]
    // Two mistakes: the earlier check decides.
    [InlineData("GET", "EIO=3&transport=abc&sid=abc", TransportUnknown)]
    [InlineData("PUT", "EIO=3&transport=polling&sid=abc", SessionIdUnknown)]
    [InlineData("POST", "EIO=3&transport=websocket", BadHandshakeMethod)]
    [InlineData("GET", "EIO=3&transport=websocket", BadRequest)]
    public async Task Request_ThatIsWrong_IsRefusedWithItsCode(string method, string query, string expected)
    {
        await using var host = await EngineHost.StartAsync();
        var errors = new ConcurrentQueue<ConnectionErrorEventArgs>();
        host.Server.ConnectionError += (_, error) => errors.Enqueue(error);

        using var request = new HttpRequestMessage(new HttpMethod(method), $"/socket.io/?{query}");
        using var response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(0, host.Server.ClientsCount);
        var error = Assert.Single(errors);
        Assert.Equal(expected, $$"""{"code":{{(int)error.Code}},"message":"{{error.Message}}"}""");
        Assert.Empty(host.Complaints);
    }

    [Theory]
    [InlineData("EIO=4&transport=polling&SID=1&Sid=2&Transport=bus&J=3&eio=3")]
    [InlineData("EIO=3&transport=abc&EIO=4&transport=polling")]
    [InlineData("EIO=4&transport=polling&sid=")]
    [InlineData("EIO=4&transport=polling&sid")]
    public async Task Parameters_AreReadAsNodeReadsThem(string query)
    {
        await using var host = await EngineHost.StartAsync();

        using var polling = await host.Http.GetAsync($"/socket.io/?{query}");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync($"/socket.io/?{query.Replace("polling", "websocket", StringComparison.Ordinal)}");

        Assert.Equal((200, 101), ((int)polling.StatusCode, (await connection.ReadResponseAsync()).Status));
    }

    [Theory]
    [Trait("Behaviour", "3")]
    [Trait("Behaviour", "5")]
    [InlineData("EIO=4&transport=websocket&sid=abc", "Session ID unknown")]
    [InlineData("EIO=4&transport=abc", "Transport unknown")]
    [InlineData("EIO=4&transport=polling", "Bad request")]
    [InlineData("EIO=3&transport=websocket", "Unsupported protocol version")]
    public async Task WebSocket_ThatIsWrong_IsRefusedBeforeTheUpgrade(string query, string message)
    {
        await using var host = await EngineHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteWebSocketHandshakeAsync($"/socket.io/?{query}");
        var response = await connection.ReadResponseAsync();

        Assert.Equal(400, response.Status);
        Assert.Equal("text/html", response.Headers["Content-Type"].Single());
        Assert.Equal("close", response.Headers["Connection"].Single());
        Assert.Equal(message, response.Body);
        Assert.Empty(await connection.ReadToEndAsync());
    }

    [Fact]
    [Trait("Behaviour", "7")]
    public async Task Get_NamingAnotherTransportThanTheSessions_LeavesTheSessionAlone()
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var errors = new ConcurrentQueue<ConnectionErrorEventArgs>();
        host.Server.ConnectionError += (_, error) => errors.Enqueue(error);

        using var response = await host.Http.GetAsync($"/socket.io/?EIO=4&transport=websocket&sid={polling.Sid}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(BadRequest, await response.Content.ReadAsStringAsync());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["name"] = "TRANSPORT_MISMATCH",
                ["transport"] = "websocket",
                ["previousTransport"] = "polling",
            },
            Assert.Single(errors).Context);
        await polling.SendAsync("4still here");
        Assert.Equal("4still here", await polling.NextAsync());
    }

    [Theory]
    [InlineData("EIO=3")]
    [InlineData("EIO=abc")]
    [InlineData("x=1")]
    public async Task RequestOfASession_WithoutTheRevision_IsServed(string query)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);

        using var content = new StringContent("4hello");
        using var response = await host.Http.PostAsync($"/socket.io/?{query}&transport=polling&sid={polling.Sid}", content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("4hello", await polling.NextAsync());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task OtherMethod_OfASession_IsAnswered500(string method)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);

        using var request = new HttpRequestMessage(new HttpMethod(method), polling.SessionUrl);
        using var response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Behaviour", "8")]
    public async Task AllowRequest_Refuses_TellsTheClientItsMessage()
    {
        var calls = 0;
        await using var host = await EngineHost.StartAsync(options => options.AllowRequest = async (_, cancellationToken) =>
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
            return AllowRequestResult.Refuse("Your \"token\" is <old>");
        });
        var errors = new ConcurrentQueue<ConnectionErrorEventArgs>();
        host.Server.ConnectionError += (_, error) => errors.Enqueue(error);

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        var webSocket = await connection.ReadResponseAsync();

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"code":4,"message":"Your \"token\" is <old>"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(400, webSocket.Status);
        Assert.Equal("Your \"token\" is <old>", webSocket.Body);
        Assert.All(errors, error => Assert.Equal((EngineIOError.Forbidden, "Forbidden"), (error.Code, error.Message)));
        Assert.Equal(2, errors.Count);
        Assert.Equal(2, calls);
    }

    [Fact]
    [Trait("Behaviour", "8")]
    public async Task AllowRequest_Allows_IsNotAskedAgainForTheSession()
    {
        var calls = 0;
        await using var host = await EngineHost.StartAsync(options => options.AllowRequest = (_, _) =>
        {
            Interlocked.Increment(ref calls);
            return ValueTask.FromResult(AllowRequestResult.Allow);
        });

        using var polling = await RawPolling.OpenAsync(host.Address);
        await polling.SendAsync("4hello");
        Assert.Equal("4hello", await polling.NextAsync());
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task AllowRequest_Throws_RefusesAndLogs()
    {
        await using var host = await EngineHost.StartAsync(options =>
            options.AllowRequest = (_, _) => throw new InvalidOperationException("no database"));

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"code":4,"message":"Forbidden"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("no database", Assert.Single(host.Complaints).Exception!.Message);
    }

    [Fact]
    public async Task GenerateId_OfTheApplication_IsUsed()
    {
        await using var host = await EngineHost.StartAsync(options => options.GenerateId = (_, _) => ValueTask.FromResult("my id/1"));

        using var polling = await RawPolling.OpenAsync(host.Address);

        Assert.Equal("my id/1", polling.Sid);
        Assert.Equal("my id/1", (await host.NextSessionAsync()).Session.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GenerateId_ThrowsOrRepeatsItself_RefusesTheClient(bool throws)
    {
        await using var host = await EngineHost.StartAsync(options => options.GenerateId = (context, _) =>
            throws && context.Request.Query.ContainsKey("second")
                ? throw new InvalidOperationException("no ids left")
                : ValueTask.FromResult("same"));
        var errors = new ConcurrentQueue<ConnectionErrorEventArgs>();
        host.Server.ConnectionError += (_, error) => errors.Enqueue(error);
        using var first = await RawPolling.OpenAsync(host.Address);

        using var second = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling&second=1");

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal(BadRequest, await second.Content.ReadAsStringAsync());
        Assert.Equal("ID_GENERATION_ERROR", Assert.Single(errors).Context["name"]);
        Assert.Equal(1, host.Server.ClientsCount);
        await first.SendAsync("4still here");
        Assert.Equal("4still here", await first.NextAsync());
    }

    [Theory]
    [Trait("Behaviour", "11")]
    [InlineData(EngineTransport.WebSocket, "polling")]
    [InlineData(EngineTransport.Polling, "websocket")]
    public async Task Transport_NotEnabled_IsUnknown(EngineTransport enabled, string asked)
    {
        await using var host = await EngineHost.StartAsync(options => options.Transports = enabled);

        using var response = await host.Http.GetAsync($"/socket.io/?EIO=4&transport={asked}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(TransportUnknown, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Handshake_WithAllPlacesTaken_IsTurnedAwayUntilOneIsFree()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxSessions = 1);
        var refused = host.Collect("orleansrooms.engineio.sessions.refused");
        var first = await RawPolling.OpenAsync(host.Address);

        using (var second = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        }

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
            Assert.Equal(503, (await connection.ReadResponseAsync()).Status);
        }

        Assert.Equal(2, refused.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.Contains("MaxSessions", Assert.Single(host.Complaints).Message, StringComparison.Ordinal);
        await first.SendAsync("1");
        first.Dispose();
        using var third = await RawPolling.OpenAsync(host.Address);
        Assert.Equal(1, host.Server.ClientsCount);
    }

    [Fact]
    public async Task Handshakes_OfOneAddressThatNobodyLetIn_AreTurnedAwayBeyondTheirLimit()
    {
        const int Limit = 4;
        await using var host = await EngineHost.StartAsync(options => options.MaxPendingSessionsPerAddress = Limit);
        var refused = host.Collect("orleansrooms.engineio.sessions.refused");
        using var clients = new HttpClient { BaseAddress = host.Address };
        for (var i = 0; i < Limit; i++) await clients.GetStringAsync("/socket.io/?EIO=4&transport=polling");
        var admitted = await host.NextSessionAsync();

        for (var i = 0; i < 3; i++)
        {
            using var response = await clients.GetAsync("/socket.io/?EIO=4&transport=polling");
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        }

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
            Assert.Equal(429, (await connection.ReadResponseAsync()).Status);
        }

        Assert.Equal(4, refused.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.Contains("MaxPendingSessionsPerAddress", Assert.Single(host.Complaints).Message, StringComparison.Ordinal);

        // One that is let in, and one that ends, leave a place each.
        admitted.Session.Admit();
        admitted.Session.Admit();
        (await host.NextSessionAsync()).Session.Abort();
        for (var i = 0; i < 2; i++) await clients.GetStringAsync("/socket.io/?EIO=4&transport=polling");
        using var last = await clients.GetAsync("/socket.io/?EIO=4&transport=polling");
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
    }
}
