using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Authorization;

/// <summary>
/// Who may connect and who may enter which namespace, with stock clients and the authentication schemes of ASP.NET Core (behaviour 47).
/// </summary>
public sealed class AuthorizationTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [Trait("Behaviour", "47")]
    [MemberData(nameof(Transports))]
    public async Task Namespace_OfAPolicy_KeepsOutWhoDoesNotMeetIt(string transport)
    {
        var server = await StartAsync(
            io =>
            {
                io.OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name));
                io.Of("/members").RequireAuthorization().OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name));
                io.Of("/admin").RequireAuthorization("admins").OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name));
            },
            builder: AddAuthentication,
            app: UseAuthentication);

        var stranger = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}members", Options(transport)));

        var eve = WithHeader(server, transport, "eve");
        var main = await Js.ConnectAsync(server.Address.ToString(), eve);
        var member = await Js.ConnectAsync($"{server.Address}members", eve);
        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}admin", eve));
        var admin = await Js.ConnectAsync($"{server.Address}admin", WithHeader(server, transport, "ada", "admin"));

        Assert.Null((await stranger.EmitWithAckAsync("who")).GetString());
        Assert.Equal("eve", (await main.EmitWithAckAsync("who")).GetString());
        Assert.Equal("eve", (await member.EmitWithAckAsync("who")).GetString());
        Assert.Equal("ada", (await admin.EmitWithAckAsync("who")).GetString());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Namespace_WithToken_KnowsTheUserThatTheClientGivesAsAuth(string transport)
    {
        var server = await StartAsync(
            io =>
            {
                io.OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name));

                // The order of the two does not matter: who somebody is comes first.
                io.Of("/members").RequireAuthorization().AuthenticateWithToken()
                    .OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name));
            },
            builder: AddAuthentication);

        var member = await Js.ConnectAsync($"{server.Address}members", WithAuth(server, transport, "eve"));
        var main = await Js.ConnectAsync(server.Address.ToString(), WithAuth(server, transport, "eve"));

        Assert.Equal("eve", (await member.EmitWithAckAsync("who")).GetString());
        Assert.Null((await main.EmitWithAckAsync("who")).GetString());
        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}members", Options(transport)));
        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}members", Merge(transport, "auth", new { token = "forged" })));
    }

    [Fact]
    public async Task Namespace_OfAScheme_AsksThatSchemeWhateverTheDefault()
    {
        var server = await StartAsync(
            io => io.Of("/api").UseHandler<ApiNamespace>(),
            builder: builder =>
            {
                AddAuthentication(builder);
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            },
            app: UseAuthentication);

        var client = await Js.ConnectAsync($"{server.Address}api", WithHeader(server, "upgrade", "eve"));

        Assert.Equal("eve", (await client.EmitWithAckAsync("who")).GetString());
        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}api", new { }));
    }

    [Fact]
    public async Task AuthorizationHandler_FindsTheSocketAsItsResource()
    {
        var server = await StartAsync(
            io => io.Of("/tenant-7").RequireAuthorization(new AuthorizationPolicyBuilder()
                .RequireAssertion(context => ((ISocket)context.Resource!).Namespace.Name == $"/tenant-{context.User.Identity!.Name}")
                .Build()),
            builder: AddAuthentication,
            app: UseAuthentication);

        await Js.ConnectAsync($"{server.Address}tenant-7", WithHeader(server, "upgrade", "7"));

        Assert.Equal("Unauthorized", await RefusalAsync($"{server.Address}tenant-7", WithHeader(server, "upgrade", "8")));
    }

    [Fact]
    [Trait("Behaviour", "47")]
    public async Task Endpoint_ThatRequiresAuthorization_Answers401OnBothTransportsAndLetsUsersIn()
    {
        var server = await StartAsync(
            io => io.OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name)),
            builder: AddAuthentication,
            app: UseAuthentication,
            endpoint: endpoint => endpoint.RequireAuthorization());
        using var http = server.CreateHttpClient();

        using var polling = await http.GetAsync("/socket.io/?EIO=4&transport=polling");
        var refused = await Assert.ThrowsAsync<UpgradeRefusedException>(() => RawWebSocket.ConnectAsync(server.Address));
        var eve = await Js.ConnectAsync(server.Address.ToString(), WithHeader(server, "upgrade", "eve"));

        Assert.Equal(HttpStatusCode.Unauthorized, polling.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("eve", (await eve.EmitWithAckAsync("who")).GetString());
        Assert.Equal(1, server.IO.Engine.ClientsCount);
    }

    private static void AddAuthentication(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        builder.Services.AddAuthorizationBuilder().AddPolicy("admins", policy => policy.RequireRole("admin"));
    }

    private static void UseAuthentication(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private async Task<string> RefusalAsync(string url, object options)
    {
        var client = await Js.OpenAsync(url, options);
        return (await client.NextAsync("connect_error")).Args[0].GetProperty("message").GetString()!;
    }

    private static Dictionary<string, object> WithHeader(SocketIOTestServer server, string transport, string name, params string[] roles) =>
        Merge(transport, "extraHeaders", new Dictionary<string, string> { ["Authorization"] = $"Bearer {TokenOf(server, name, roles)}" });

    private static Dictionary<string, object> WithAuth(SocketIOTestServer server, string transport, string name) =>
        Merge(transport, "auth", new { token = TokenOf(server, name) });

    private static Dictionary<string, object> Merge(string transport, string option, object value)
    {
        var options = new Dictionary<string, object> { [option] = value };
        if (transport != "upgrade")
        {
            options["transports"] = new[] { transport };
        }

        return options;
    }

    /// <summary>A token as the login endpoint of ASP.NET Core Identity would give it.</summary>
    private static string TokenOf(SocketIOTestServer server, string name, params string[] roles)
    {
        var identity = new ClaimsIdentity(BearerTokenDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaims(roles.Select(role => new Claim(ClaimTypes.Role, role)));
        var properties = new AuthenticationProperties { ExpiresUtc = TimeProvider.System.GetUtcNow().AddHours(1) };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, BearerTokenDefaults.AuthenticationScheme);
        return server.Services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(BearerTokenDefaults.AuthenticationScheme)
            .BearerTokenProtector.Protect(ticket);
    }

    [Authorize(AuthenticationSchemes = BearerTokenDefaults.AuthenticationScheme)]
    private sealed class ApiNamespace : SocketIONamespaceHandler
    {
        [SocketEvent("who")]
        public static string? Who(ISocket socket) => socket.User.Identity!.Name;
    }
}
