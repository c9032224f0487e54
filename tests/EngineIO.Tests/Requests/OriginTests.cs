using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Requests;

/// <summary>Which web pages may use a server: what a browser says of them in <c>Origin</c>, on raw connections.</summary>
public sealed class OriginTests
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";
    private const string WebSocket = "/socket.io/?EIO=4&transport=websocket";
    private const string Forbidden = """{"code":4,"message":"Origin not allowed"}""";

    private static readonly int[] Refused = [403, 400];
    private static readonly int[] Served = [200, 101];

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    public async Task ForeignOrigin_ByDefault_IsRefusedOverBothTransports(string origin)
    {
        await using var host = await EngineHost.StartAsync();

        Assert.Equal(Refused, await AskAsync(host, $"Origin: {origin}"));
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    public async Task ForeignOrigin_IsToldTheCodeAndTheLogWhatToChange()
    {
        await using var host = await EngineHost.StartAsync();
        ConnectionErrorEventArgs? error = null;
        host.Server.ConnectionError += (_, e) => error = e;
        using var connection = await RawConnection.OpenAsync(host.Address);

        for (var i = 0; i < 3; i++)
        {
            await connection.WriteRequestAsync("GET", Polling, "Origin: https://evil.example");
            Assert.Equal(Forbidden, (await connection.ReadResponseAsync()).Body);
        }

        Assert.Equal("ORIGIN_NOT_ALLOWED", error!.Context["name"]);
        var complaint = Assert.Single(host.Complaints);
        Assert.Equal("OriginRefused", complaint.Id.Name);
        Assert.Contains("https://evil.example", complaint.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(EngineIOOptions.Cors), complaint.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", "http://localhost")]
    [InlineData("localhost", "https://localhost")]
    [InlineData("localhost:80", "http://localhost")]
    [InlineData("LOCALHOST:5000", "http://localhost:5000")]
    [InlineData("localhost", "ws://localhost:80")]
    [InlineData("[::1]:5000", "http://[::1]:5000")]
    public async Task OwnOrigin_IsServed(string host, string origin)
    {
        await using var server = await EngineHost.StartAsync();

        Assert.Equal(Served, await AskAsync(server, $"Origin: {origin}", host));
    }

    [Fact]
    public async Task NoOrigin_IsServedWhateverTheOptions()
    {
        await using var host = await EngineHost.StartAsync(options => options.Cors = new CorsPolicyBuilder("https://app.example").Build());

        Assert.Equal(Served, await AskAsync(host, "Cookie: session=of-the-victim"));
    }

    [Fact]
    public async Task OwnOrigin_OverHttp_IsForeignToHttps()
    {
        await using var host = await EngineHost.StartAsync(pipeline: app => app.Use((context, next) =>
        {
            context.Request.Scheme = "https";
            return next(context);
        }));

        Assert.Equal(Refused, await AskAsync(host, "Origin: http://localhost"));
        Assert.Equal(Served, await AskAsync(host, "Origin: https://localhost"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cors_ThatNamesOrigins_IsEnforced(bool byEndpoint)
    {
        var policy = new CorsPolicyBuilder("https://app.example").AllowCredentials().Build();
        await using var host = await StartWithCorsAsync(byEndpoint, policy);

        Assert.Equal(Served, await AskAsync(host, "Origin: https://app.example"));
        Assert.Equal(Served, await AskAsync(host, "Origin: http://localhost"));
        Assert.Equal(Refused, await AskAsync(host, "Origin: https://evil.example"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cors_ForAnyOrigin_LetsAllIn(bool byEndpoint)
    {
        await using var host = await StartWithCorsAsync(byEndpoint, new CorsPolicyBuilder().AllowAnyOrigin().Build());

        Assert.Equal(Served, await AskAsync(host, "Origin: https://anybody.example"));
    }

    [Fact]
    public async Task Cors_OfTheEndpointByName_IsEnforced()
    {
        await using var host = await EngineHost.StartAsync(
            services: builder => builder.Services.AddCors(cors =>
                cors.AddPolicy("app", policy => policy.WithOrigins("https://app.example"))),
            pipeline: app => app.UseCors(),
            endpoint: endpoint => endpoint.RequireCors("app"));

        Assert.Equal(Served, await AskAsync(host, "Origin: https://app.example"));
        Assert.Equal(Refused, await AskAsync(host, "Origin: https://evil.example"));
    }

    [Fact]
    public async Task SameOrigin_NotRequired_StillRefusesWhatCarriesCookies()
    {
        await using var host = await EngineHost.StartAsync(options => options.RequireSameOrigin = false);

        Assert.Equal(Served, await AskAsync(host, "Origin: https://elsewhere.example"));
        Assert.Equal(Refused, await AskAsync(host, "Origin: https://elsewhere.example\r\nCookie: session=of-the-victim"));
    }

    [Fact]
    public async Task AnyOrigin_Allowed_LetsAllInAndTellsBrowsersSo()
    {
        await using var host = await EngineHost.StartAsync(options => options.AllowAnyOrigin = true);

        Assert.Equal(Served, await AskAsync(host, "Origin: https://elsewhere.example\r\nCookie: a=b"));
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteRequestAsync("GET", Polling, "Origin: https://elsewhere.example");
        Assert.Equal("*", (await connection.ReadResponseAsync()).Headers["Access-Control-Allow-Origin"].Single());
    }

    [Fact]
    public async Task ForwardedHost_IsTheOwnHost_WhereTheMiddlewareTakesIt()
    {
        await using var plain = await EngineHost.StartAsync();
        await using var host = await EngineHost.StartAsync(
            services: builder => builder.Services.Configure<ForwardedHeadersOptions>(options =>
                options.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto),
            pipeline: app =>
            {
                app.UseForwardedHeaders();
                app.UseRouting();
            });
        const string Forwarded = "Origin: https://app.example\r\nX-Forwarded-Host: app.example\r\nX-Forwarded-Proto: https";

        Assert.Equal(Served, await AskAsync(host, Forwarded, "backend:8080"));
        Assert.Equal(Refused, await AskAsync(plain, Forwarded, "backend:8080"));
    }

    [Fact]
    public async Task ForeignOrigin_OnARequestOfASession_IsRefusedAndLeavesTheSessionAlone()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteRequestAsync("GET", client.SessionUrl, "Origin: https://evil.example");
        Assert.Equal(403, (await connection.ReadResponseAsync()).Status);
        var upgrade = client.SessionUrl.Replace("polling", "websocket", StringComparison.Ordinal);
        await connection.WriteWebSocketHandshakeAsync(upgrade, "Origin: https://evil.example");
        Assert.Equal(400, (await connection.ReadResponseAsync()).Status);

        await client.SendAsync("4still here");
        Assert.Equal("4still here", await client.NextAsync());
    }

    /// <summary>Asks for a session over either transport; the status of each answer.</summary>
    private static async Task<int[]> AskAsync(EngineHost server, string headers, string host = "localhost")
    {
        var statuses = new int[2];
        using var polling = await RawConnection.OpenAsync(server.Address);
        await polling.WriteAsync($"GET {Polling} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n\r\n");
        statuses[0] = (await polling.ReadResponseAsync()).Status;
        using var webSocket = await RawConnection.OpenAsync(server.Address);
        await webSocket.WriteAsync(
            $"GET {WebSocket} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n\r\n");
        statuses[1] = (await webSocket.ReadResponseAsync()).Status;
        return statuses;
    }

    private static Task<EngineHost> StartWithCorsAsync(bool byEndpoint, CorsPolicy policy) => byEndpoint
        ? EngineHost.StartAsync(
            services: builder => builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy)),
            pipeline: app => app.UseCors(),
            endpoint: endpoint => endpoint.RequireCors())
        : EngineHost.StartAsync(options => options.Cors = policy);
}
