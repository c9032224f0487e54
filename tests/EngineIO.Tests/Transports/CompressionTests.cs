using System.IO.Compression;
using System.Text;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class CompressionTests
{
    [Theory]
    [Trait("Behaviour", "25")]
    [InlineData("gzip, deflate", 1023, SendFlags.None, "gzip")]
    [InlineData("deflate", 1023, SendFlags.None, "deflate")]
    [InlineData("deflate, gzip;q=0.5", 1023, SendFlags.None, "deflate")]
    [InlineData("gzip;q=0, *", 1023, SendFlags.None, "deflate")]
    [InlineData("*", 1023, SendFlags.None, "gzip")]
    [InlineData("br", 1023, SendFlags.None, null)]
    [InlineData("gzip;q=0", 1023, SendFlags.None, null)]
    [InlineData(null, 1023, SendFlags.None, null)]
    [InlineData("gzip, deflate", 1022, SendFlags.None, null)]
    [InlineData("gzip, deflate", 1023, SendFlags.NoCompress, null)]
    public async Task Poll_OfALargePayload_IsCompressedAsAsked(string? acceptEncoding, int length, SendFlags flags, string? expected)
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var text = new string('x', length);
        (await host.NextSessionAsync()).Send(text, flags);

        var (encoding, body) = await PollAsync(host, client, acceptEncoding);

        Assert.Equal(expected, encoding);
        Assert.Equal("4" + text, body);
    }

    [Fact]
    [Trait("Behaviour", "25")]
    public async Task Poll_WithAnyPacketThatMayBeCompressed_IsCompressed()
    {
        await using var host = await EngineHost.StartAsync();
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        session.Session.Send(
            [EngineIOFrame.Text(EngineIOPacketType.Message, "first"), new EngineIOFrame(new byte[2000], isBinary: true)],
            SendFlags.NoCompress);
        session.Send("second");

        var (encoding, body) = await PollAsync(host, client, "gzip");

        Assert.Equal("gzip", encoding);
        Assert.Equal($"4first\u001eb{Convert.ToBase64String(new byte[2000])}\u001e4second", body);
    }

    [Theory]
    [Trait("Behaviour", "25")]
    [InlineData(false, 0, null)]
    [InlineData(true, 0, "gzip")]
    [InlineData(true, 10, null)]
    public async Task Poll_UnderOptions_IsCompressedOrNot(bool enabled, int threshold, string? expected)
    {
        await using var host = await EngineHost.StartAsync(options =>
            options.HttpCompression = enabled ? new HttpCompressionOptions { Threshold = threshold } : null);
        using var client = await RawPolling.OpenAsync(host.Address);
        (await host.NextSessionAsync()).Send("hello");

        var (encoding, body) = await PollAsync(host, client, "gzip");

        Assert.Equal(expected, encoding);
        Assert.Equal("4hello", body);
    }

    private static async Task<(string? Encoding, string Body)> PollAsync(EngineHost host, RawPolling client, string? acceptEncoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, client.SessionUrl);
        if (acceptEncoding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        using var response = await host.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        var encoding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        await using Stream decoder = encoding switch
        {
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "deflate" => new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var reader = new StreamReader(decoder, Encoding.UTF8);
        return (encoding, await reader.ReadToEndAsync());
    }
}
