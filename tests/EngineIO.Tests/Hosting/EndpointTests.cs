using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Hosting;

public sealed class EndpointTests
{
    [Theory]
    [Trait("Behaviour", "9")]
    [Trait("Behaviour", "10")]
    [InlineData("/socket.io", true, "/socket.io/", HttpStatusCode.OK)]
    [InlineData("/socket.io", true, "/socket.io/default/", HttpStatusCode.OK)]
    [InlineData("/socket.io", true, "/socket.io/any/thing", HttpStatusCode.OK)]
    [InlineData("/socket.io", true, "/socket.io", HttpStatusCode.NotFound)]
    [InlineData("/socket.io", true, "/socket.io2/", HttpStatusCode.NotFound)]
    [InlineData("/socket.io", true, "/", HttpStatusCode.NotFound)]
    [InlineData("/socket.io", false, "/socket.io", HttpStatusCode.OK)]
    [InlineData("/socket.io", false, "/socket.io/", HttpStatusCode.OK)]
    [InlineData("/socket.io", false, "/socket.io/default", HttpStatusCode.OK)]
    [InlineData("/my-path/", true, "/my-path/", HttpStatusCode.OK)]
    [InlineData("/my-path/", true, "/socket.io/", HttpStatusCode.NotFound)]
    [InlineData("/a/b", true, "/a/b/", HttpStatusCode.OK)]
    public async Task Path_IsServedOrNot(string pattern, bool addTrailingSlash, string path, HttpStatusCode expected)
    {
        await using var host = await EngineHost.StartAsync(options => options.AddTrailingSlash = addTrailingSlash, pattern);

        using var response = await host.Http.GetAsync($"{path}?EIO=4&transport=polling");

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "47")]
    public async Task Middleware_ThatAnswersItself_PreventsTheSession()
    {
        await using var host = await EngineHost.StartAsync(pipeline: app => app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }));

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, host.Server.ClientsCount);
        Assert.Empty(host.Sessions.Waiting);
    }

    [Fact]
    [Trait("Behaviour", "47")]
    public async Task RequireAuthorization_WithoutUser_Answers401OnBothTransports()
    {
        await using var host = await EngineHost.StartAsync(
            services: builder =>
            {
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
                    options.Events.OnRedirectToLogin = context =>
                    {
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                        return Task.CompletedTask;
                    });
                builder.Services.AddAuthorization();
            },
            pipeline: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
            },
            endpoint: endpoint => endpoint.RequireAuthorization());

        using var response = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(401, (await connection.ReadResponseAsync()).Status);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    public async Task ApplicationsOwnWebSockets_AlreadyInThePipeline_DoNotDisturb()
    {
        await using var host = await EngineHost.StartAsync(
            pipeline: app => app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(1) }));

        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        await socket.SendAsync("4hello");

        Assert.Equal("4hello", (await socket.NextAsync()).Text);
    }
}
