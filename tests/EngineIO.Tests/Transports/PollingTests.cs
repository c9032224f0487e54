using System.Net;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class PollingTests
{
    [Theory]
    [Trait("Behaviour", "15")]
    [Trait("Behaviour", "16")]
    [Trait("Behaviour", "17")]
    [InlineData("4hello")]
    [InlineData("4test1\u001e4test2\u001e4test3")]
    [InlineData("4hello\u001ebAQIDBA==")]
    [InlineData("4")]
    [InlineData("4€ and 😀")]
    public async Task Post_OfMessages_ComesBackInTheNextPoll(string payload)
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);

        using var posted = await client.PostAsync(payload);
        using var polled = await client.GetAsync();

        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal("text/html", posted.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", posted.Headers.CacheControl!.ToString());
        Assert.Equal("ok", await posted.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
        Assert.Equal("text/plain; charset=UTF-8", polled.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", polled.Headers.CacheControl!.ToString());
        Assert.Equal(payload, await polled.Content.ReadAsStringAsync());
        Assert.Equal((await polled.Content.ReadAsByteArrayAsync()).Length, polled.Content.Headers.ContentLength);
    }

    [Fact]
    [Trait("Behaviour", "18")]
    public async Task Post_OfAnInvalidPacket_DeliversWhatCameBeforeAndEndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        using var posted = await client.PostAsync("4first\u001eabc\u001e4never");
        using var polled = await client.GetAsync();

        Assert.Equal(CloseReason.ParseError, (await session.Closed).Reason);
        Assert.Equal(["first"], session.Messages.Waiting);
        Assert.Equal(HttpStatusCode.BadRequest, polled.StatusCode);
        Assert.Equal("""{"code":1,"message":"Session ID unknown"}""", await polled.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Behaviour", "19")]
    public async Task SecondGet_WhileOneWaits_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        var first = client.GetAsync();
        await session.WritableAsync();
        using var second = await client.GetAsync();

        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal("", await second.Content.ReadAsStringAsync());
        using var ended = await first;
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("1", await ended.Content.ReadAsStringAsync());
        Assert.Equal((CloseReason.TransportError, "overlap from client"), await session.Closed);
        using var later = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
    }

    [Fact]
    [Trait("Behaviour", "20")]
    public async Task Post_OfOctets_IsRefusedAndEndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        using var posted = await client.PostAsync([1, 2, 3], "application/octet-stream");

        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Equal("", await posted.Content.ReadAsStringAsync());
        Assert.Equal(CloseReason.TransportError, (await session.Closed).Reason);
    }

    [Fact]
    [Trait("Behaviour", "23")]
    public async Task PostOfClose_WhileAGetWaits_ReleasesIt()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        var get = client.GetAsync();
        await session.WritableAsync();
        using var posted = await client.PostAsync("1");
        using var polled = await get;

        Assert.Equal("ok", await posted.Content.ReadAsStringAsync());
        Assert.Equal("6", await polled.Content.ReadAsStringAsync());
        Assert.Equal(CloseReason.TransportClose, (await session.Closed).Reason);
        using var later = await client.GetAsync();
        Assert.Equal(HttpStatusCode.BadRequest, later.StatusCode);
    }
}
