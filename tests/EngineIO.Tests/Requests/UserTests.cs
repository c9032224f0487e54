using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;

namespace OrleansRooms.EngineIO.Tests.Requests;

/// <summary>Who may use a session: the user who opened it, if there was one. The user of a request is who its header X-User says.</summary>
public sealed class UserTests
{
    private const string Unknown = """{"code":1,"message":"Session ID unknown"}""";

    [Theory]
    [InlineData("bob")]
    [InlineData(null)]
    public async Task Session_OfAUser_IsUnknownToOthers(string? other)
    {
        await using var host = await StartAsync();
        using var ann = new Client(await RawConnection.OpenAsync(host.Address), "ann");
        using var thief = new Client(await RawConnection.OpenAsync(host.Address), other);
        var url = await ann.OpenAsync();
        var session = await host.NextSessionAsync();
        session.Send("for ann");
        ConnectionErrorEventArgs? error = null;
        host.Server.ConnectionError += (_, e) => error = e;

        Assert.Equal((400, Unknown), await thief.AskAsync("GET", url));
        Assert.Equal((400, Unknown), await thief.AskAsync("POST", url, "4stolen"));
        Assert.Equal("USER_CHANGED", error!.Context["name"]);
        Assert.DoesNotContain(error.Context, pair => url.Contains(pair.Value, StringComparison.Ordinal));
        Assert.Equal(400, await thief.UpgradeAsync(url));

        Assert.Equal((200, "4for ann"), await ann.AskAsync("GET", url));
        Assert.Equal((200, "ok"), await ann.AskAsync("POST", url, "4hello"));
        Assert.Equal("hello", await session.NextMessageAsync());
        Assert.Equal(101, await ann.UpgradeAsync(url));
        Assert.Equal("SessionUserChanged", Assert.Single(host.Complaints).Id.Name);
    }

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    [InlineData(ClaimTypes.Name)]
    public async Task User_IsToldByHisIdentifier(string claim)
    {
        await using var host = await StartAsync(claim);
        using var ann = new Client(await RawConnection.OpenAsync(host.Address), "ann");
        using var bob = new Client(await RawConnection.OpenAsync(host.Address), "bob");
        var url = await ann.OpenAsync();

        Assert.Equal((400, Unknown), await bob.AskAsync("POST", url, "4stolen"));
        Assert.Equal((200, "ok"), await ann.AskAsync("POST", url, "4hello"));
    }

    [Fact]
    public async Task Session_OfNobody_IsServedToWhoSignsInMeanwhile()
    {
        await using var host = await StartAsync();
        using var nobody = new Client(await RawConnection.OpenAsync(host.Address), null);
        using var ann = new Client(await RawConnection.OpenAsync(host.Address), "ann");
        var url = await nobody.OpenAsync();

        Assert.Equal((200, "ok"), await ann.AskAsync("POST", url, "4hello"));
    }

    [Fact]
    public async Task SameUser_NotRequired_LeavesTheSessionToWhoKnowsItsId()
    {
        await using var host = await StartAsync(configure: options => options.RequireSameUser = false);
        using var ann = new Client(await RawConnection.OpenAsync(host.Address), "ann");
        using var other = new Client(await RawConnection.OpenAsync(host.Address), null);
        var url = await ann.OpenAsync();

        Assert.Equal((200, "ok"), await other.AskAsync("POST", url, "4hello"));
        Assert.Equal(101, await other.UpgradeAsync(url));
    }

    private static Task<EngineHost> StartAsync(string claim = ClaimTypes.NameIdentifier, Action<EngineIOOptions>? configure = null) =>
        EngineHost.StartAsync(configure, pipeline: app => app.Use((context, next) =>
        {
            // Another principal each time, as authentication makes it.
            if (context.Request.Headers["X-User"] is [{ } name])
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(claim, name)], "test"));
            }

            return next(context);
        }));

    private sealed class Client(RawConnection connection, string? user) : IDisposable
    {
        private readonly string[] _headers = user is null ? [] : [$"X-User: {user}"];

        public async Task<string> OpenAsync()
        {
            const string Url = "/socket.io/?EIO=4&transport=polling";
            var (_, body) = await AskAsync("GET", Url);
            return $"{Url}&sid={body.Split('"')[3]}";
        }

        public async Task<(int Status, string Body)> AskAsync(string method, string url, string body = "")
        {
            await connection.WriteRequestAsync(method, url, [.. _headers, $"Content-Length: {body.Length}"]);
            await connection.WriteAsync(body);
            var response = await connection.ReadResponseAsync();
            return (response.Status, response.Body);
        }

        public async Task<int> UpgradeAsync(string url)
        {
            await connection.WriteWebSocketHandshakeAsync(url.Replace("polling", "websocket", StringComparison.Ordinal), _headers);
            return (await connection.ReadResponseAsync()).Status;
        }

        public void Dispose() => connection.Dispose();
    }
}
