using System.Text;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Clients;

/// <summary>
/// A short run of what <c>benchmarks/ServerLoad fuzz</c> does at length: nothing that clients send harms the server or others.
/// </summary>
public sealed class MutatedFramesTests(JsClientsFixture js) : ServerTests(js)
{
    private const int Connections = 150;
    private const int FramesPerConnection = 10;
    private const int Seed = 20261124;

    [Fact]
    public async Task MutatedFrames_OverBothTransports_DisturbNobody()
    {
        var server = await StartAsync(SuiteServer.Configure);
        var bystander = await Js.ConnectAsync(server.Address.ToString());
        await bystander.NextAsync("auth");
        var mutator = new FrameMutator(new Random(Seed));
        for (var i = 0; i < Connections; i++)
        {
            await using (var socket = await RawWebSocket.OpenAndJoinAsync(server.Address))
            {
                for (var frame = 0; frame < FramesPerConnection; frame++)
                {
                    var packet = mutator.Next();
                    await (frame % 4 == 3 ? socket.SendIfOpenAsync(packet) : socket.SendIfOpenAsync(Encoding.UTF8.GetString(packet)));
                }
            }

            using var polling = await RawPolling.OpenAsync(server.Address);
            await polling.SendAsync("40");
            using var posted = await polling.PostAsync(mutator.NextPayload(FramesPerConnection));
            using var closed = await polling.PostAsync("1");
            if (i % 10 == 0)
            {
                Assert.Equal(i, (await bystander.EmitWithAckAsync("message-with-ack", i)).GetInt32());
            }
        }

        Assert.True((await bystander.StateAsync()).Connected);
        Assert.DoesNotContain(bystander.Waiting, e => e.Name is "disconnect" or "connect_error");
    }
}
