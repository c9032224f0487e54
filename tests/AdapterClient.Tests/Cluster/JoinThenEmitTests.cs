using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G3: when an awaited join has completed, every broadcast that is started afterwards, on any node, reaches the socket.</summary>
[Collection(ThreeSilosTests.Name)]
public sealed class JoinThenEmitTests(ClientsOfThreeSilos cluster)
{
    [Fact]
    public async Task G3_AwaitedJoin_WhileOthersComeAndGo_IsAlwaysFollowedByBroadcasts()
    {
        await using var scene = await AdapterScene.OpenAsync($"/join-{Guid.NewGuid():N}", cluster.Nodes);
        var chains = Enumerable.Range(0, 8).Select(chain => Task.Run(() => JoinAndEmitAsync(scene, chain)));
        await Task.WhenAll(chains);
    }

    private static async Task JoinAndEmitAsync(AdapterScene scene, int chain)
    {
        // Two chains share a room on the same node: one's coming and going must never take the room away from under the other.
        var home = scene[chain / 2];
        var room = $"room{chain / 2}";
        var socket = await home.ConnectAsync();
        for (var i = 0; i < 60; i++)
        {
            var mark = $"""["{chain}-{i}"]""";
            await socket.JoinAsync(room);
            await scene[chain + i].Adapter.BroadcastAsync(Packets.Event(mark), BroadcastOptions.All.To(room));
            await socket.WaitForLogAsync(
                log => Array.Exists(log, entry => entry.EndsWith(mark, StringComparison.Ordinal)), $"{mark} on {room}");
            var left = socket.LeaveAsync(room);
            if (i % 3 == 0) await left;
        }
    }
}
