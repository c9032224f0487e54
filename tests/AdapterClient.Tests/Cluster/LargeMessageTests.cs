using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

[Collection(ThreeSilosTests.Name)]
public sealed class LargeMessageTests(ClientsOfThreeSilos cluster)
{
    [Fact]
    public async Task BroadcastThatTheClusterDoesNotCarry_ReachesTheOwnSocketsAndIsRefused()
    {
        await using var scene = await AdapterScene.OpenAsync($"/large-{Guid.NewGuid():N}", cluster.Nodes);
        var near = await scene[0].ConnectAsync("r");
        var far = await scene[1].ConnectAsync("r");

        var packet = Packets.Event($"""["{new string('x', 17 * 1024 * 1024)}"]""");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await scene[0].Adapter.BroadcastAsync(packet, BroadcastOptions.All.To("r")));
        Assert.Contains("MaxMessageBytes", refusal.Message, StringComparison.Ordinal);
        await scene[0].Adapter.BroadcastAsync(packet, BroadcastOptions.All.To("r") with { Flags = BroadcastFlags.Local });
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r"));

        await far.WaitForLogAsync(log => log.Length == 1, "what came behind");
        Assert.Equal(["""42["e"]"""], scene.EventsOf(far));
        Assert.Equal(3, scene.EventsOf(near).Length);
    }
}
