using Microsoft.Extensions.Time.Testing;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Namespaces that come and go, as dynamic ones do.</summary>
[Collection(ThreeSilosTests.Name)]
public sealed class NamespaceLifeTests(ClientsOfThreeSilos cluster)
{
    [Fact]
    public async Task NamespaceThatIsClosed_IsNoLongerCountedOnItsNode()
    {
        await using var scene = await AdapterScene.OpenAsync($"/life-{Guid.NewGuid():N}", cluster.Nodes);
        await scene[1].ConnectAsync("r");
        Assert.Equal(3, await scene[0].Adapter.ServerCountAsync());
        var closed = scene[1];
        scene.Remove(closed);
        await closed.DisposeAsync();

        Assert.Equal(2, await scene[0].Adapter.ServerCountAsync());
        Assert.Equal(0, await scene[0].Adapter.RoomSizeAsync("r"));
        Assert.Equal(0, await scene[0].Adapter.SocketCountAsync());
    }

    [Fact]
    public async Task NamespaceOpenedAgainWhileItCloses_IsNotTakenForTheOldOne()
    {
        for (var round = 0; round < 10; round++)
        {
            await using var scene = await AdapterScene.OpenAsync($"/life-{Guid.NewGuid():N}", cluster.Nodes);
            for (var i = 0; i < 5; i++) await scene[1].ConnectAsync("r", $"r{i}");
            var old = scene[1];
            scene.Remove(old);
            // Both at once: what the old one says last must not undo what the new one says first.
            var closing = old.DisposeAsync();
            var reopened = await scene.AddAsync(cluster.Nodes[1]);
            var socket = await reopened.ConnectAsync("r", "r3");
            await closing;

            Assert.Equal(1, await scene[0].Adapter.RoomSizeAsync("r"));
            Assert.Equal(1, await scene[0].Adapter.RoomSizeAsync("r3"));
            Assert.Equal(0, await scene[0].Adapter.RoomSizeAsync("r4"));
            Assert.Equal(3, await scene[0].Adapter.ServerCountAsync());
            await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r3"));
            await socket.WaitForLogAsync(log => log.Length == 1, "the event");
        }
    }

    [Fact]
    public async Task ManyNamespaces_OfANode_ShareOneStreamAndOneHeartbeat()
    {
        const int namespaces = 100;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var calls = new CallsToGrains();
        await using var node = (HostedNode)await cluster.Silos.StartClientNodeAsync(time: time, calls: calls);
        await AdapterScene.UntilAsync(() => new(Heartbeats() == 1));

        var scenes = new List<AdapterScene>();
        for (var i = 0; i < namespaces; i++)
        {
            var scene = await AdapterScene.OpenAsync($"/dynamic-{Guid.NewGuid():N}", [cluster.Nodes[0], node]);
            scenes.Add(scene);
            var socket = await scene[1].ConnectAsync("r");
            await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r"));
            await socket.WaitForLogAsync(log => log.Length == 1, "the event");
        }

        Assert.Equal((1, 1), (Heartbeats(), calls["OpenAsync"]));
        time.Advance(node.Node.Options.HeartbeatInterval);
        await AdapterScene.UntilAsync(() => new(Heartbeats() > 1));
        Assert.Equal((2, 1), (Heartbeats(), calls["OpenAsync"]));
        foreach (var scene in scenes) await scene.DisposeAsync();

        int Heartbeats() => calls[nameof(INodeDirectoryGrain.HeartbeatAsync)];
    }
}
