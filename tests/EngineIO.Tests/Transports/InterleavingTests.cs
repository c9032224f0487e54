using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>Messages are written beside what answers the client's own frames, and each frame has to stay whole.</summary>
public sealed class InterleavingTests
{
    // More than the system takes before somebody reads, in messages that are no multiple of the pieces in which they are handed over.
    private const int Messages = 500;
    private const int MessageSize = 20_001;
    private const int Pings = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pong_WhileMuchIsBeingWritten_ComesBetweenMessages(bool isUpgradeWrapped)
    {
        await using var host = await EngineHost.StartAsync(
            options => options.MaxBufferedBytesPerSession = 2L * Messages * MessageSize,
            pipeline: app =>
            {
                if (isUpgradeWrapped) app.Use(WrapUpgradeAsync);
            });
        using var connection = await RawConnection.OpenAsync(host.Address, receiveBufferSize: 4096);
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await connection.ReadResponseAsync();
        await connection.ReadFrameAsync();
        var session = await host.NextSessionAsync();

        var payload = new byte[MessageSize];
        new Random(1).NextBytes(payload);
        for (var i = 0; i < Messages; i++) session.Session.Send([new EngineIOFrame(payload, isBinary: true)]);
        for (var i = 0; i < Pings; i++) await connection.WriteAsync([0x89, 0x81, 0, 0, 0, 0, (byte)i]);

        var (messages, pings) = (0, 0);
        while (messages < Messages || pings < Pings)
        {
            var (head, bytes) = await connection.ReadFrameAsync();
            if (head == 0x8a)
            {
                Assert.Equal([(byte)pings++], bytes);
            }
            else
            {
                Assert.Equal(0x82, head);
                Assert.Equal(payload, bytes);
                messages++;
            }
        }
    }

    private static Task WrapUpgradeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new WrappedUpgrade(upgrade));
        }
        return next(context);
    }

    /// <summary>What a middleware puts there that wants to see the bytes: the server's own feature is not to be gone round then.</summary>
    private sealed class WrappedUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public Task<Stream> UpgradeAsync() => inner.UpgradeAsync();
    }
}
