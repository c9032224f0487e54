using System.Text;
using CsCheck;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>Bytes that no client would send. A failure names the seed with which it can be repeated.</summary>
public sealed class FuzzTests
{
    // Mostly what the protocol knows, so that the mutations reach behind the first check.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("2probe", "5", "3", "6", "0", "1", "2", "4hello", "4", "", "b", "bAQID", "b!", "7", "4\u001e4", "\u001e"),
        Gen.String[0, 300].Select(text => "4" + text),
        Gen.String[0, 20]);

    private static readonly Gen<byte[]> Frame = Gen.Select(
        Gen.OneOf(Gen.OneOf<byte>(0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x88, 0x89, 0x8a), Gen.Byte),
        Gen.OneOf(Text.Select(Encoding.UTF8.GetBytes), Gen.Byte.Array[0, 300]),
        Gen.Int[0, 9],
        EncodeFrame);

    [Fact]
    [Trait("Behaviour", "50")]
    public async Task Frames_OfAnyBytes_DisturbNobodyElse()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxHttpBufferSize = 10_000);
        var (bystander, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = bystander;

        await Gen.Select(Gen.Bool, Frame.Array[1, 20]).SampleAsync(async (upgrade, frames) =>
        {
            using var polling = upgrade ? await RawPolling.OpenAsync(host.Address) : null;
            using var connection = await RawConnection.OpenAsync(host.Address);
            await connection.WriteWebSocketHandshakeAsync(
                $"/socket.io/?EIO=4&transport=websocket{(upgrade ? $"&sid={polling!.Sid}" : "")}");
            Assert.Equal(101, (await connection.ReadResponseAsync()).Status);
            try
            {
                foreach (var frame in frames) await connection.WriteAsync(frame);
            }
            catch (IOException)
            {
                // The server has had enough.
            }
        }, iter: 300, threads: 4);

        await bystander.SendAsync("4still here");
        Assert.Equal("4still here", (await bystander.NextAsync()).Text);
        Assert.Empty(host.Complaints);
        await host.Server.CloseAsync().WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.Equal(0, host.Server.ClientsCount);
    }

    [Fact]
    [Trait("Behaviour", "50")]
    public async Task Bodies_OfAnyBytes_DisturbNobodyElse()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxHttpBufferSize = 10_000);
        using var bystander = await RawPolling.OpenAsync(host.Address);
        var body = Gen.OneOf(
            Text.Array[0, 5].Select(packets => Encoding.UTF8.GetBytes(string.Join('\u001e', packets))), Gen.Byte.Array[0, 300]);

        await body.Array[1, 5].SampleAsync(async bodies =>
        {
            using var client = await RawPolling.OpenAsync(host.Address);
            foreach (var bytes in bodies)
            {
                using var response = await client.PostAsync(bytes);
                Assert.True((int)response.StatusCode is 200 or 400, $"Answered {response.StatusCode}");
            }
        }, iter: 300, threads: 4);

        await bystander.SendAsync("4still here");
        Assert.Equal("4still here", await bystander.NextAsync());
        Assert.Empty(host.Complaints);
    }

    private static byte[] EncodeFrame(byte head, byte[] payload, int mutation)
    {
        // Now and then a length that lies, or no mask.
        var announced = mutation switch
        {
            0 => payload.Length + 1,
            1 => Math.Max(0, payload.Length - 1),
            _ => payload.Length,
        };
        byte masked = mutation == 2 ? (byte)0 : (byte)0x80;
        byte[] length = announced <= 125
            ? [(byte)(masked | announced)]
            : [(byte)(masked | 126), (byte)(announced >> 8), (byte)announced];
        return [head, .. length, .. masked == 0 ? [] : new byte[4], .. payload];
    }
}
