using System.Net.WebSockets;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
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

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
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
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Equal(CloseReason.ForcedClose, (await session.Closed).Reason);
    }

    [Theory]
    [InlineData("", new byte[] { 0x88, 0 })]
    [InlineData("&b64=1", new byte[] { 0x88, 2, 0x03, 0xe8 })]
    public async Task CloseFrame_WithoutAReason_CarriesNoNumberThatMustNotTravel(string extraQuery, byte[] expected)
    {
        await using var host = await EngineHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync($"/socket.io/?EIO=4&transport=websocket{extraQuery}");
        Assert.Equal(101, (await connection.ReadResponseAsync()).Status);
        await connection.ReadFrameAsync();

        // The client says that it closes the session.
        await connection.WriteAsync([0x81, 0x81, 0, 0, 0, 0, (byte)'1']);

        Assert.Equal(expected, await connection.ReadAsync(expected.Length));
    }

    [Fact]
    public async Task Ping_OfTheWebSocket_IsAnsweredAlsoWithinAMessage()
    {
        await using var host = await EngineHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await connection.ReadResponseAsync();
        await connection.ReadFrameAsync();

        await connection.WriteAsync([0x01, 0x82, 0, 0, 0, 0, (byte)'4', (byte)'h', 0x89, 0x81, 1, 2, 3, 4, (byte)'?' ^ 1]);
        Assert.Equal([0x8a, 1, (byte)'?'], await connection.ReadAsync(3));

        await connection.WriteAsync([0x80, 0x81, 0, 0, 0, 0, (byte)'i']);
        Assert.Equal([0x81, 3, (byte)'4', (byte)'h', (byte)'i'], await connection.ReadAsync(5));
    }

    private static async Task<byte[]> NextBinaryAsync(RawWebSocket socket)
    {
        var frame = await socket.NextAsync();
        Assert.True(frame.IsBinary);
        return frame.Bytes;
    }
}
