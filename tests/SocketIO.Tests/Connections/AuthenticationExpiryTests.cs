using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.SocketIO.Tests.Hosting;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.SocketIO.Tests.Connections;

/// <summary>Connections that end with the authentication they rest on, under a clock that the test drives.</summary>
public sealed class AuthenticationExpiryTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Connection_OfAnHttpUser_IsClosedWhenTheTokenExpires()
    {
        var reasons = new Inbox<DisconnectReason>(() => "The server");
        await using var server = await StartAsync(
            isOn: true, io => io.OnConnection(socket => socket.OnDisconnect(reason => reasons.Add(reason))));
        await using var client = await EnterAsync(server, Token(server, TimeSpan.FromMinutes(10)));

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await client.SendAsync("3");
        Assert.Single(server.Io.Sockets);

        _time.Advance(TimeSpan.FromSeconds(1));

        await client.WaitForCloseAsync();
        Assert.Equal(DisconnectReason.ForcedClose, await reasons.TakeAsync(_ => true, "the disconnect"));
    }

    [Fact]
    public async Task Connection_ThatEnteredANamespaceWithAToken_IsClosedWhenTheFirstOfItsTokensExpires()
    {
        await using var server = await StartAsync(isOn: true, io => io.Of("/members").AuthenticateWithToken().RequireAuthorization());
        await using var client = await EnterAsync(server, Token(server, TimeSpan.FromDays(100)));
        await client.SendAsync($$"""40/members,{"token":"{{Token(server, TimeSpan.FromHours(36))}}"}""");
        Assert.StartsWith("40/members,{", (await client.NextAsync()).Text, StringComparison.Ordinal);

        // Longer than a timer waits at a time.
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, server.Io.Engine.ClientsCount);

        _time.Advance(TimeSpan.FromHours(11));

        await client.WaitForCloseAsync();
    }

    [Fact]
    public async Task Connection_ByDefault_OutlivesItsToken()
    {
        await using var server = await StartAsync(
            isOn: false, io => io.OnConnection(socket => socket.On("who", () => socket.User.Identity!.Name)));
        await using var client = await EnterAsync(server, Token(server, TimeSpan.FromMinutes(1)));

        _time.Advance(TimeSpan.FromHours(1));
        await client.SendAsync("""420["who"]""");

        Assert.Equal("""430["eve"]""", (await client.NextAsync()).Text);
    }

    private async Task<KestrelServer> StartAsync(bool isOn, Action<ISocketIOServer> use) => await KestrelServer.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
            builder.Services.AddAuthorization();
            builder.Services.AddSocketIO(options =>
            {
                options.CloseOnAuthenticationExpiration = isOn;

                // Time goes by in leaps here, in which no client could answer.
                options.PingInterval = TimeSpan.FromDays(1);
                options.PingTimeout = TimeSpan.FromDays(1);
            });
        },
        use,
        app => app.UseAuthentication());

    private static async Task<RawWebSocket> EnterAsync(KestrelServer server, string token)
    {
        var client = await RawWebSocket.ConnectAsync(
            server.Address, configure: options => options.SetRequestHeader("Authorization", $"Bearer {token}"));
        Assert.StartsWith("0{", (await client.NextAsync()).Text, StringComparison.Ordinal);
        await client.SendAsync("40");
        Assert.StartsWith("40{", (await client.NextAsync()).Text, StringComparison.Ordinal);
        return client;
    }

    private string Token(KestrelServer server, TimeSpan lifetime)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "eve")], BearerTokenDefaults.AuthenticationScheme);
        var properties = new AuthenticationProperties { ExpiresUtc = _time.GetUtcNow() + lifetime };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, BearerTokenDefaults.AuthenticationScheme);
        return server.App.Services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(BearerTokenDefaults.AuthenticationScheme)
            .BearerTokenProtector.Protect(ticket);
    }
}
