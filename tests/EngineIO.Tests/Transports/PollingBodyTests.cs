using System.Net;
using System.Text;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class PollingBodyTests
{
    [Fact]
    [Trait("Behaviour", "22")]
    public async Task Body_InChunksOfOneByte_IsDecodedWhole()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        using var connection = await RawConnection.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await connection.WriteAsync($"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var value in Encoding.UTF8.GetBytes("4€😀"))
        {
            await connection.WriteAsync([.. "1\r\n"u8, value, .. "\r\n"u8]);
        }

        await connection.WriteAsync("0\r\n\r\n");

        Assert.Equal("ok", (await connection.ReadResponseAsync()).Body);
        Assert.Equal("€😀", await session.NextMessageAsync());
    }

    [Theory]
    [InlineData("b-_-_")]
    [InlineData("b+/+/")]
    [InlineData("b-_-_YQ")]
    public async Task Body_WithBase64OfOthers_IsDecodedAsInNode(string body)
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await client.SendAsync(body);

        Assert.Equal(body.Length > 5 ? "bFBFFBF61" : "bFBFFBF", await session.NextMessageAsync());
    }

    [Fact]
    [Trait("Behaviour", "22")]
    public async Task Body_SplitInsideACharacter_IsDecodedWhole()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        using var connection = await RawConnection.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        var body = Encoding.UTF8.GetBytes("4€");

        await connection.WriteAsync($"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n");
        await connection.WriteAsync(body[..2]);
        await connection.WriteAsync(body[2..]);

        Assert.Equal("ok", (await connection.ReadResponseAsync()).Body);
        Assert.Equal("€", await session.NextMessageAsync());
    }

    [Theory]
    [Trait("Behaviour", "21")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OverTheLimit_IsRefusedAndTheSessionGoesOn(bool chunked)
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxHttpBufferSize = 5);
        using var client = await RawPolling.OpenAsync(host.Address);
        using var connection = await RawConnection.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await connection.WriteAsync(chunked
            ? $"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n4he\r\n3\r\nllo\r\n0\r\n\r\n"
            : $"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n4hello");
        var response = await connection.ReadResponseAsync();

        Assert.Equal(413, response.Status);
        Assert.Equal("", response.Body);
        await client.SendAsync("4fits");
        Assert.Equal("fits", await session.NextMessageAsync());
        Assert.Empty(session.Messages.Waiting);
    }

    [Fact]
    [Trait("Behaviour", "21")]
    public async Task Body_LargerThanTheServersOwnLimit_IsTakenUpToTheEngines()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxHttpBufferSize = 40_000_000);
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        session.OnMessageInstead = (_, _) => { };

        // Kestrel's own limit is 30,000,000.
        using var response = await client.PostAsync("4" + new string('x', 31_000_000));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(31_000_000, (await session.NextMessageAsync()).Length);
    }

    [Fact]
    public async Task Body_OfNothing_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        using var response = await client.PostAsync("");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(CloseReason.ParseError, (await session.Closed).Reason);
    }

    [Fact]
    public async Task Client_PingingByItself_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await client.SendAsync("2");

        Assert.Equal((CloseReason.TransportError, "invalid heartbeat direction"), await session.Closed);
    }

    [Fact]
    public async Task Body_CutOffMidway_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteAsync($"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n4hel");
        }

        Assert.Equal((CloseReason.TransportError, "data request connection closed prematurely"), await session.Closed);
        Assert.Empty(session.Messages.Waiting);
    }

    [Fact]
    public async Task SecondPost_WhileOneIsBeingRead_EndsTheSessionAndCutsTheFirst()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        using var connection = await RawConnection.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        await connection.WriteAsync(
            $"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");

        // The server asks for the body when it begins to read it.
        Assert.Equal(100, (await connection.ReadResponseAsync()).Status);
        using var second = await client.PostAsync("4hello");

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal((CloseReason.TransportError, "overlap from client"), await session.Closed);
        Assert.Empty(await connection.ReadToEndAsync());
        Assert.Empty(host.Complaints);
    }

    [Fact]
    [Trait("Behaviour", "24")]
    public async Task Get_AbortedWhileWaiting_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteRequestAsync("GET", client.SessionUrl);
            await session.WritableAsync();
        }

        Assert.Equal((CloseReason.TransportError, "poll connection closed prematurely"), await session.Closed);
        Assert.Empty(host.Complaints);
    }

    [Fact]
    public async Task Client_ClosingItsConnectionAfterEveryRequest_IsNotDisturbed()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteAsync(
                $"POST {client.SessionUrl} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\n4hello");
            Assert.Equal(200, (await connection.ReadResponseAsync()).Status);
            Assert.Empty(await connection.ReadToEndAsync());
        }

        using (var connection = await RawConnection.OpenAsync(host.Address))
        {
            await connection.WriteRequestAsync("GET", client.SessionUrl, "Connection: close");
            Assert.Equal("4hello", (await connection.ReadResponseAsync()).Body);
        }
    }
}
