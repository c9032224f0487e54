using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class WebSocketFeatureTests
{
    [Fact]
    [Trait("Behaviour", "14")]
    public async Task WebSocket_OverHttp2_WorksFromHandshakeToClose()
    {
        await using var host = await EngineHost.StartAsync(listen: binding => binding.Protocols = HttpProtocols.Http2);
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, configure: UseHttp2, http: host.Http);
        await socket.NextAsync();
        var session = await host.NextSessionAsync();
        var large = RandomNumberGenerator.GetBytes(300_000);

        await socket.SendAsync("4hello");
        await socket.SendAsync(large);

        Assert.Equal("4hello", (await socket.NextAsync()).Text);
        Assert.Equal(large, (await socket.NextAsync()).Bytes);
        session.Session.Close();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.WaitForCloseAsync());
        Assert.Empty(host.Complaints);
    }

    [Fact]
    [Trait("Behaviour", "14")]
    public async Task Upgrade_OverHttp2_Works()
    {
        await using var host = await EngineHost.StartAsync(listen: binding => binding.Protocols = HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using (await host.Http.SendAsync(request))
        {
        }

        var session = await host.NextSessionAsync();
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, session.Session.Id, configure: UseHttp2, http: host.Http);
        await socket.SendAsync("2probe");
        await socket.SendAsync("5");
        await socket.SendAsync("4hello");

        Assert.Equal("3probe", (await socket.NextAsync()).Text);
        Assert.Equal("4hello", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "14")]
    public async Task WebSocket_OverHttp2_OfAnUnknownSession_IsRefused()
    {
        await using var host = await EngineHost.StartAsync(listen: binding => binding.Protocols = HttpProtocols.Http2);

        var refused = await Assert.ThrowsAsync<UpgradeRefusedException>(
            () => RawWebSocket.ConnectAsync(host.Address, "unknown", configure: UseHttp2, http: host.Http));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Empty(host.Complaints);
    }

    [Fact]
    public async Task WebSocket_OverTls_WorksFromHandshakeToClose()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
        await using var host = await EngineHost.StartAsync(
            services: builder => builder.WebHost.UseKestrelHttpsConfiguration(), listen: binding => binding.UseHttps(certificate));
        await using var socket = await RawWebSocket.ConnectAsync(
            host.Address,
            configure: options => options.RemoteCertificateValidationCallback =
                (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint);
        await socket.NextAsync();
        var session = await host.NextSessionAsync();
        var large = RandomNumberGenerator.GetBytes(300_000);

        await socket.SendAsync("4hello");
        await socket.SendAsync(large);

        Assert.Equal(Uri.UriSchemeHttps, host.Address.Scheme);
        Assert.Equal("4hello", (await socket.NextAsync()).Text);
        Assert.Equal(large, (await socket.NextAsync()).Bytes);
        session.Session.Close();
        await socket.WaitForCloseAsync();
        Assert.Empty(host.Complaints);
    }

    [Fact]
    [Trait("Behaviour", "32")]
    public async Task PerMessageDeflate_ByDefault_IsNotNegotiated()
    {
        await using var host = await EngineHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);

        await connection.WriteWebSocketHandshakeAsync(
            "/socket.io/?EIO=4&transport=websocket", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");

        Assert.Empty((await connection.ReadResponseAsync()).Headers["Sec-WebSocket-Extensions"]);
    }

    [Fact]
    [Trait("Behaviour", "32")]
    public async Task PerMessageDeflate_Enabled_CompressesFromTheThreshold()
    {
        await using var host = await EngineHost.StartAsync(options => options.PerMessageDeflate = new PerMessageDeflateOptions());
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync(
            "/socket.io/?EIO=4&transport=websocket", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
        var response = await connection.ReadResponseAsync();
        var session = await host.NextSessionAsync();

        Assert.StartsWith("permessage-deflate", response.Headers["Sec-WebSocket-Extensions"].Single(), StringComparison.Ordinal);
        Assert.Equal(0x81, (await connection.ReadFrameAsync()).Head); // the open packet is small
        session.Send(new string('x', 1023));
        Assert.Equal(0xc1, (await connection.ReadFrameAsync()).Head);
        session.Send(new string('x', 1022));
        Assert.Equal(0x81, (await connection.ReadFrameAsync()).Head);
        session.Send(new string('x', 1023), SendFlags.NoCompress);
        Assert.Equal(0x81, (await connection.ReadFrameAsync()).Head);
    }

    [Fact]
    [Trait("Behaviour", "32")]
    public async Task PerMessageDeflate_Enabled_CarriesMessagesOfAllSizes()
    {
        await using var host = await EngineHost.StartAsync(options => options.PerMessageDeflate = new PerMessageDeflateOptions
        {
            Threshold = 0,
            ServerMaxWindowBits = 9,
            DisableServerContextTakeover = true,
        });
        await using var socket = await RawWebSocket.ConnectAsync(
            host.Address, configure: options => options.DangerousDeflateOptions = new WebSocketDeflateOptions());
        await socket.NextAsync();

        foreach (var size in (int[])[0, 1, 125, 126, 1024, 4096, 65_536, 900_000])
        {
            var text = "4" + new string('x', size);
            await socket.SendAsync(text);
            Assert.Equal(text, (await socket.NextAsync()).Text);
            var bytes = RandomNumberGenerator.GetBytes(size);
            await socket.SendAsync(bytes);
            Assert.Equal(bytes, (await socket.NextAsync()).Bytes);
        }
    }

    [Fact]
    [Trait("Behaviour", "29")]
    public async Task PerMessageDeflate_OfAMessageThatInflatesPastTheLimit_ClosesWithTooBig()
    {
        await using var host = await EngineHost.StartAsync(options =>
        {
            options.PerMessageDeflate = new PerMessageDeflateOptions();
            options.MaxHttpBufferSize = 100_000;
        });
        await using var socket = await RawWebSocket.ConnectAsync(
            host.Address, configure: options => options.DangerousDeflateOptions = new WebSocketDeflateOptions());

        await socket.SendAsync("4" + new string('x', 10_000_000));

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await socket.WaitForCloseAsync());
    }

    [Theory]
    [InlineData("a text of bytes that are no UTF-8", 0x81, 0xff)]
    [InlineData("reserved bits", 0xf1, 0x34)]
    [InlineData("an unknown opcode", 0x83, 0x34)]
    public async Task Frame_AgainstTheRulesOfWebSocket_EndsTheSessionAlone(string what, byte head, byte payload)
    {
        await using var host = await EngineHost.StartAsync();
        var (bystander, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = bystander;
        await host.NextSessionAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
        await connection.ReadResponseAsync();
        var session = await host.NextSessionAsync();

        // Masked with zeroes.
        await connection.WriteAsync([head, 0x81, 0, 0, 0, 0, payload]);

        Assert.True((await session.Closed).Reason == CloseReason.TransportError, what);
        await connection.ReadToEndAsync();
        await bystander.SendAsync("4still here");
        Assert.Equal("4still here", (await bystander.NextAsync()).Text);
        Assert.Empty(host.Complaints);
    }

    private static void UseHttp2(ClientWebSocketOptions options)
    {
        options.HttpVersion = HttpVersion.Version20;
        options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }
}
