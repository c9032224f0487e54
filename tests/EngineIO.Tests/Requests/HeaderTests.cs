using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Requests;

public sealed class HeaderTests
{
    private const string Origin = "Origin: https://app.example";
    private const string AllowOrigin = "Access-Control-Allow-Origin";

    [Fact]
    [Trait("Behaviour", "12")]
    public async Task Cookie_ByDefault_IsNotSet()
    {
        await using var host = await EngineHost.StartAsync();

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    [Trait("Behaviour", "12")]
    public async Task Cookie_WithDefaults_ComesWithTheFirstPollingResponseOnly()
    {
        await using var host = await EngineHost.StartAsync(options => options.Cookie = new SessionCookieBuilder());

        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=polling");
        var handshake = await connection.ReadResponseAsync();
        var session = await host.NextSessionAsync();
        var id = session.Session.Id;
        session.Send("hello");
        await connection.WriteRequestAsync("GET", $"/socket.io/?EIO=4&transport=polling&sid={id}");
        var poll = await connection.ReadResponseAsync();
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        var webSocket = await connection.ReadResponseAsync();

        Assert.Equal($"io={id}; Path=/; HttpOnly; SameSite=Lax", handshake.Headers["Set-Cookie"].Single());
        Assert.Equal(200, poll.Status);
        Assert.Empty(poll.Headers["Set-Cookie"]);
        Assert.Equal(101, webSocket.Status);
        Assert.Empty(webSocket.Headers["Set-Cookie"]);
    }

    [Fact]
    [Trait("Behaviour", "12")]
    public async Task Cookie_WithEverything_SpellsItsAttributesAsTheReferenceDoes()
    {
        await using var host = await EngineHost.StartAsync(options => options.Cookie = new SessionCookieBuilder
        {
            Name = "session",
            Path = "",
            Domain = "app.example",
            MaxAge = TimeSpan.FromMinutes(1),
            HttpOnly = false,
            SecurePolicy = CookieSecurePolicy.Always,
            SameSite = SameSiteMode.None,
        });

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        var id = (await host.NextSessionAsync()).Session.Id;
        Assert.Equal(
            $"session={id}; Max-Age=60; Domain=app.example; Secure; SameSite=None", response.Headers.GetValues("Set-Cookie").Single());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Cookie_WithoutAPath_SaysNone(string? path)
    {
        await using var host = await EngineHost.StartAsync(options => options.Cookie = new SessionCookieBuilder { Path = path });

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        var id = (await host.NextSessionAsync()).Session.Id;
        Assert.Equal($"io={id}; HttpOnly; SameSite=Lax", response.Headers.GetValues("Set-Cookie").Single());
    }

    public static TheoryData<bool> CorsBy => [true, false];

    [Theory]
    [MemberData(nameof(CorsBy))]
    [Trait("Behaviour", "45")]
    public async Task Preflight_IsAnsweredWithThePolicy(bool byEndpoint)
    {
        await using var host = await StartWithCorsAsync(byEndpoint);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteRequestAsync(
            "OPTIONS", "/socket.io/?EIO=4&transport=polling", Origin, "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: x-token");
        var response = await connection.ReadResponseAsync();

        Assert.Equal(204, response.Status);
        Assert.Equal("https://app.example", response.Headers[AllowOrigin].Single());
        Assert.Equal("GET,POST", response.Headers["Access-Control-Allow-Methods"].Single());
        Assert.Equal("x-token", response.Headers["Access-Control-Allow-Headers"].Single());
        Assert.Equal("true", response.Headers["Access-Control-Allow-Credentials"].Single());
        Assert.Equal("60", response.Headers["Access-Control-Max-Age"].Single());
    }

    [Theory]
    [InlineData(true, Origin)]
    [InlineData(false, Origin)]
    [InlineData(false, "X-Other: none")]
    [Trait("Behaviour", "45")]
    public async Task Options_WithoutARequestedMethod_IsAnsweredAsAPreflight(bool byEndpoint, string header)
    {
        await using var host = await StartWithCorsAsync(byEndpoint);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteRequestAsync("OPTIONS", "/socket.io/?EIO=4&transport=polling", header);
        var response = await connection.ReadResponseAsync();

        Assert.Equal(204, response.Status);
        Assert.Equal(header == Origin ? ["https://app.example"] : [], response.Headers[AllowOrigin]);
    }

    [Theory]
    [MemberData(nameof(CorsBy))]
    [Trait("Behaviour", "45")]
    public async Task Origin_ThatIsAllowed_IsNamedOnEveryResponse(bool byEndpoint)
    {
        await using var host = await StartWithCorsAsync(byEndpoint);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=polling", Origin);
        var handshake = await connection.ReadResponseAsync();
        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=abc", Origin);
        var error = await connection.ReadResponseAsync();
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket", Origin);
        var webSocket = await connection.ReadResponseAsync();

        Assert.Equal([200, 400, 101], [handshake.Status, error.Status, webSocket.Status]);
        Assert.All([handshake, error, webSocket], response =>
        {
            Assert.Equal("https://app.example", response.Headers[AllowOrigin].Single());
            Assert.Equal("Origin", response.Headers["Vary"].Single());
        });
    }

    [Theory]
    [MemberData(nameof(CorsBy))]
    [Trait("Behaviour", "45")]
    public async Task Origin_ThatIsNotAllowed_IsRefusedWithoutBeingNamed(bool byEndpoint)
    {
        await using var host = await StartWithCorsAsync(byEndpoint);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=polling", "Origin: https://evil.example");
        var handshake = await connection.ReadResponseAsync();
        await connection.WriteRequestAsync(
            "OPTIONS", "/socket.io/?EIO=4&transport=polling", "Origin: https://evil.example", "Access-Control-Request-Method: POST");
        var preflight = await connection.ReadResponseAsync();

        Assert.Equal([403, 204], [handshake.Status, preflight.Status]);
        Assert.Empty(handshake.Headers[AllowOrigin]);
        Assert.Empty(preflight.Headers[AllowOrigin]);
    }

    [Fact]
    [Trait("Behaviour", "46")]
    public async Task Hooks_AddHeadersToTheResponsesOfASession()
    {
        await using var host = await EngineHost.StartAsync(
            pipeline: app => app.Use((context, next) =>
            {
                context.Response.Headers["X-Middleware"] = "m";
                return next(context);
            }));
        var requests = new ConcurrentQueue<string>();
        host.Server.InitialHeaders += (_, response) => response.Headers["X-Initial"] = "i";
        host.Server.Headers += (_, response) =>
        {
            response.Headers["X-Always"] = "a";
            requests.Enqueue($"{response.HttpContext.Request.Method} {response.HttpContext.Response.StatusCode}");
        };

        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=polling");
        var handshake = await connection.ReadResponseAsync();
        var session = await host.NextSessionAsync();
        var url = $"/socket.io/?EIO=4&transport=polling&sid={session.Session.Id}";
        await connection.WriteAsync($"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n4x");
        var post = await connection.ReadResponseAsync();
        await connection.WriteRequestAsync("GET", url);
        var poll = await connection.ReadResponseAsync();
        await connection.WriteRequestAsync("GET", "/socket.io/?EIO=4&transport=abc");
        var error = await connection.ReadResponseAsync();
        await connection.WriteWebSocketHandshakeAsync(url.Replace("polling", "websocket", StringComparison.Ordinal));
        var upgrade = await connection.ReadResponseAsync();
        using var other = await RawConnection.OpenAsync(host.Address);
        await other.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        var webSocket = await other.ReadResponseAsync();

        Assert.Equal("i", handshake.Headers["X-Initial"].Single());
        Assert.Equal("i", webSocket.Headers["X-Initial"].Single());
        Assert.All([post, poll, upgrade, error], response => Assert.Empty(response.Headers["X-Initial"]));
        Assert.All([handshake, post, poll, upgrade, webSocket], response => Assert.Equal("a", response.Headers["X-Always"].Single()));
        Assert.Empty(error.Headers["X-Always"]);
        Assert.All(
            [handshake, post, poll, upgrade, webSocket, error], response => Assert.Equal("m", response.Headers["X-Middleware"].Single()));
        Assert.Equal(["GET 200", "POST 200", "GET 200", "GET 101", "GET 101"], requests);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", true)]
    [InlineData("Mozilla/4.0 (compatible;MSIE 8.0; Windows NT 6.1)", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", false)]
    public async Task OldInternetExplorer_IsToldNotToFilterPayloads(string userAgent, bool expected)
    {
        await using var host = await EngineHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);

        using var response = await host.Http.SendAsync(request);

        Assert.Equal(expected, response.Headers.TryGetValues("X-XSS-Protection", out var values) && values.Single() == "0");
    }

    private static Task<EngineHost> StartWithCorsAsync(bool byEndpoint)
    {
        var policy = new CorsPolicyBuilder("https://app.example", "https://other.example")
            .WithMethods("GET", "POST").WithHeaders("x-token").AllowCredentials().SetPreflightMaxAge(TimeSpan.FromMinutes(1)).Build();
        return byEndpoint
            ? EngineHost.StartAsync(
                services: builder => builder.Services.AddCors(cors => cors.AddPolicy("app", policy)),
                pipeline: app => app.UseCors(),
                endpoint: endpoint => endpoint.RequireCors("app"))
            : EngineHost.StartAsync(options => options.Cors = policy);
    }
}
