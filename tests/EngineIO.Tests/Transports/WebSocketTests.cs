using System.Net.WebSockets;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class WebSocketTests
{
    [Fact]
    [Trait("Behaviour", "27")]
    public async Task Messages_TextAndBinary_ComeBack()
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;

        await socket.SendAsync("4hello €");
        await socket.SendAsync([1, 2, 3, 4]);
        await socket.SendAsync([]);
        await socket.SendAsync("4");

        Assert.Equal("4hello €", (await socket.NextAsync()).Text);
        Assert.Equal([1, 2, 3, 4], await NextBinaryAsync(socket));
        Assert.Empty(await NextBinaryAsync(socket));
        Assert.Equal("4", (await socket.NextAsync()).Text);
    }

    [Fact]
    public async Task Message_AsLargeAsTheLimit_ComesBack()
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var message = "4" + new string('x', 999_999);

        await socket.SendAsync(message);

        Assert.Equal(message, (await socket.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "28")]
    [InlineData("abc", CloseReason.ParseError)]
    [InlineData("", CloseReason.ParseError)]
    [InlineData("1", CloseReason.TransportClose)]
    [InlineData("2", CloseReason.TransportError)]
    public async Task Packet_ThatEndsTheSession_ClosesWithoutStatus(string packet, CloseReason reason)
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        await socket.SendAsync(packet);

        Assert.Null(await socket.WaitForCloseAsync());
        Assert.Equal(reason, (await session.Closed).Reason);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("3")]
    public async Task Packet_WithoutMeaningHere_IsIgnored(string packet)
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;

        await socket.SendAsync(packet);
        await socket.SendAsync("4still here");

        Assert.Equal("4still here", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "29")]
    public async Task Message_OverTheLimit_ClosesWithTooBig()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxHttpBufferSize = 10_000);
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        await socket.SendAsync("4" + new string('x', 10_000));

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.TransportError, (await session.Closed).Reason);
        Assert.Empty(session.Messages.Waiting);
    }

    [Fact]
    [Trait("Behaviour", "30")]
    public async Task Client_WithoutBinary_GetsBase64()
    {
        await using var host = await EngineHost.StartAsync();
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, extraQuery: "&b64=1");
        await socket.NextAsync();

        await socket.SendAsync("bAQIDBA==");

        Assert.Equal("bAQIDBA==", (await socket.NextAsync()).Text);
    }

    [Fact]
    public async Task Client_Closes_EndsTheSession()
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();

        await socket.DisposeAsync();

        Assert.Equal(CloseReason.TransportClose, (await session.Closed).Reason);
        Assert.False(session.Session.IsOpen);
        Assert.False(session.Send("too late"));
    }

    [Fact]
    public async Task Server_Closes_SendsWhatIsQueuedFirst()
    {
        await using var host = await EngineHost.StartAsync();
        var (socket, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = socket;
        var session = await host.NextSessionAsync();

        for (var i = 0; i < 100; i++) session.Send($"{i}");
        session.Session.Close();

        for (var i = 0; i < 100; i++) Assert.Equal($"4{i}", (await socket.NextAsync()).Text);
        Assert.Null(await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
    }

    private static async Task<byte[]> NextBinaryAsync(RawWebSocket socket)
    {
        var frame = await socket.NextAsync();
        Assert.True(frame.IsBinary);
        return frame.Bytes;
    }
}
