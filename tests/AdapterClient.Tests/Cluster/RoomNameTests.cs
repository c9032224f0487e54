using Orleans.Core.Internal;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

[Collection(ThreeSilosTests.Name)]
public sealed class RoomNameTests(ClientsOfThreeSilos cluster)
{
    // A client may put it into a name by an escape of JSON; on the way to the owner it becomes another character.
    private const string HalfOfASurrogatePair = "\ud83d";

    [Fact]
    public async Task RoomWhoseNameDoesNotTravel_HarmsNoOtherOfItsOwner()
    {
        var neighbour = Enumerable.Range(0, int.MaxValue).Select(i => $"n{i}").First(room => RoomShardKey.ShardOf(room) == RoomShardKey.ShardOf(HalfOfASurrogatePair));
        await using var scene = await AdapterScene.OpenAsync($"/names-{Guid.NewGuid():N}", cluster.Nodes);
        var member = await scene[1].ConnectAsync(neighbour);
        await scene[1].ConnectAsync(HalfOfASurrogatePair);

        // What the owner knew has to be told again, which a name that it refuses must not keep the node from.
        await ((HostedNode)cluster.Nodes[1]).OwnerOf(scene.Name, neighbour).Cast<IGrainManagementExtension>().DeactivateOnIdle();

        Assert.Equal(1, await AdapterScene.AnsweredAsync(() => scene[2].Adapter.RoomSizeAsync(neighbour)));
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To(neighbour));
        await member.WaitForLogAsync(log => log.Length == 1, "the event");
    }
}
