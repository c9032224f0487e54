using Orleans.Core.Internal;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

[Collection(ThreeSilosTests.Name)]
public sealed class RoomNameTests(ClientsOfThreeSilos cluster)
{
    // A client may put it into a name by an escape of JSON; UTF-8, in which Orleans sends text, has no form for it.
    private const string HalfOfASurrogatePair = "\ud83d";
    private const string OnTheWire = "\uffff\ue03d";

    [Fact]
    public async Task RoomNamedByHalfAPair_IsToldAgain_AndHarmsNoOtherOfItsOwner()
    {
        var neighbour = Enumerable.Range(0, int.MaxValue).Select(i => $"n{i}")
            .First(room => RoomShardKey.ShardOf(room) == RoomShardKey.ShardOf(OnTheWire));
        await using var scene = await AdapterScene.OpenAsync($"/names-{Guid.NewGuid():N}", cluster.Nodes);
        var member = await scene[1].ConnectAsync(neighbour);
        var half = await scene[1].ConnectAsync(HalfOfASurrogatePair);

        // What the owner knew has to be told again, which no name may keep the node from.
        await ((HostedNode)cluster.Nodes[1]).OwnerOf(scene.Name, neighbour).Cast<IGrainManagementExtension>().DeactivateOnIdle();

        Assert.Equal(1, await AdapterScene.AnsweredAsync(() => scene[2].Adapter.RoomSizeAsync(neighbour)));
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To(neighbour));
        await member.WaitForLogAsync(log => log.Length == 1, "the event");
        Assert.Equal(1, await AdapterScene.AnsweredAsync(() => scene[2].Adapter.RoomSizeAsync(HalfOfASurrogatePair)));
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To(HalfOfASurrogatePair));
        await half.WaitForLogAsync(log => log.Length == 1, "the event");
    }
}
