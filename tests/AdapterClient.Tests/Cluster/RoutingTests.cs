using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G4: nothing is sent to a node without a matching member.</summary>
[Collection(ThreeSilosTests.Name)]
public sealed class RoutingTests(ClientsOfThreeSilos cluster) : IAsyncLifetime, IDisposable
{
    private AdapterScene _scene = null!;
    private SentEnvelopes _sent = null!;
    private string _b = "";
    private string _c = "";

    public async Task InitializeAsync()
    {
        _scene = await AdapterScene.OpenAsync($"/routing-{Guid.NewGuid():N}", cluster.Nodes);
        _sent = new SentEnvelopes((HostedNode)cluster.Nodes[0]);
        _b = ((HostedNode)cluster.Nodes[1]).Node.NodeId;
        _c = ((HostedNode)cluster.Nodes[2]).Node.NodeId;
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    public void Dispose() => _sent.Dispose();

    [Fact]
    public async Task G4_RoomWhoseMembersAreAllHere_IsSentNowhere()
    {
        await _scene[0].ConnectAsync("r");
        await _scene[0].ConnectAsync("r");
        await _scene[1].ConnectAsync("other");

        Assert.Empty(await EmitAsync(BroadcastOptions.All.To("r")));
    }

    [Fact]
    public async Task G4_RoomOnOneOtherNode_IsSentThereAlone()
    {
        await _scene[0].ConnectAsync("r");
        await _scene[1].ConnectAsync("r");
        await _scene[1].ConnectAsync("r");
        await _scene[2].ConnectAsync();

        Assert.Equal(new() { [_b] = 1 }, await EmitAsync(BroadcastOptions.All.To("r")));
        Assert.Equal(new() { [_b] = 1 }, await EmitAsync(BroadcastOptions.All.To("r", "unknown").ButNot("s")));
    }

    [Fact]
    public async Task G4_SeveralRoomsOnOneNode_AreOneEnvelope()
    {
        await _scene[1].ConnectAsync("r", "s");
        await _scene[2].ConnectAsync("t");

        Assert.Equal(new() { [_b] = 1 }, await EmitAsync(BroadcastOptions.All.To("r", "s")));
        Assert.Equal(new() { [_b] = 1, [_c] = 1 }, await EmitAsync(BroadcastOptions.All.To("r", "s", "t")));
    }

    [Fact]
    public async Task G4_PrivateRoom_IsSentToItsNodeAlone()
    {
        var far = await _scene[2].ConnectAsync();
        var near = await _scene[0].ConnectAsync();

        Assert.Equal(new() { [_c] = 1 }, await EmitAsync(BroadcastOptions.All.To(far.Id)));
        Assert.Empty(await EmitAsync(BroadcastOptions.All.To(near.Id)));
    }

    [Fact]
    public async Task G4_WholeNamespace_IsSentToNodesWithSocketsOnly()
    {
        await _scene[1].ConnectAsync();
        Assert.Equal(new() { [_b] = 1 }, await EmitAsync(BroadcastOptions.All));
    }

    [Fact]
    public async Task G4_RequestsAndCommands_GoToTheSameNodesAsEvents()
    {
        var far = await _scene[1].ConnectAsync("r");
        await _scene[2].ConnectAsync("s");
        far.Answer = _ => Packets.Ack("[1]");
        var room = BroadcastOptions.All.To("r");
        var adapter = _scene[0].Adapter;
        await WhenCertainAsync(room);

        Assert.Equal(new() { [_b] = 1 }, await _sent.CountAsync(() => adapter.FetchSocketsAsync(room).AsTask()));
        Assert.Equal(
            new() { [_b] = 1 },
            await _sent.CountAsync(() => adapter.BroadcastWithAckAsync(Packets.Event("""["e"]"""), room, _ => { }).AsTask()));
        Assert.Equal(new() { [_b] = 1 }, await _sent.CountAsync(() => adapter.SocketsJoinAsync(room, ["t"]).AsTask()));
        Assert.Equal(new() { [_b] = 1 }, await _sent.CountAsync(() => adapter.SocketsLeaveAsync(room, ["t"]).AsTask()));
        Assert.Equal(new() { [_b] = 1 }, await _sent.CountAsync(() => adapter.DisconnectSocketsAsync(room, close: false).AsTask()));
        Assert.Equal(
            new() { [_b] = 1, [_c] = 1 }, await _sent.CountAsync(() => adapter.ServerSideEmitAsync(Packets.Event("""["e"]""")).AsTask()));
    }

    [Fact]
    public async Task G4_RoomThatSocketsLeft_IsNotSentThereAnyMore()
    {
        var far = await _scene[1].ConnectAsync("r");
        await far.LeaveAsync("r");
        Assert.Empty(await EmitAsync(BroadcastOptions.All.To("r")));
        far.Disconnect(close: false);
        await AdapterScene.UntilAsync(async () => await _scene[0].Adapter.RoomSizeAsync(far.Id) == 0);
        Assert.Empty(await EmitAsync(BroadcastOptions.All.To(far.Id)));
    }

    [Fact]
    public async Task G4_JoinMadeForOtherNodes_LeavesNoRouteBehindOnceConfirmed()
    {
        var far = await _scene[1].ConnectAsync("r");
        await _scene[0].Adapter.SocketsJoinAsync(BroadcastOptions.All.To("r"), ["t"]);
        await far.LeaveAsync("t");
        // The first batch after the confirmation takes note of it.
        Assert.Empty(await EmitAsync(BroadcastOptions.All.To("t")));
    }

    [Fact]
    public async Task G4_PrivateRoom_CostsTheSameHoweverManyNodesThereAre()
    {
        var far = await _scene[2].ConnectAsync();
        Assert.Equal(new() { [_c] = 1 }, await EmitAsync(BroadcastOptions.All.To(far.Id)));
        var more = new List<AdapterNode>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                more.Add(await cluster.Silos.StartClientNodeAsync());
                await (await _scene.AddAsync(more[i])).ConnectAsync("r");
            }

            Assert.Equal(7, await _scene[0].Adapter.ServerCountAsync());
            Assert.Equal(new() { [_c] = 1 }, await EmitAsync(BroadcastOptions.All.To(far.Id)));
        }
        finally
        {
            foreach (var node in more)
            {
                await _scene.Nodes[^1].DisposeAsync();
                _scene.Remove(_scene.Nodes[^1]);
                await node.DisposeAsync();
            }
        }
    }

    private async Task<Dictionary<string, long>> EmitAsync(BroadcastOptions options)
    {
        await WhenCertainAsync(options);
        return await _sent.CountAsync(() => _scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), options).AsTask());
    }

    // An owner that was activated a moment ago, and has not heard yet whether a former one was lost, lets packets go to every node. Sizes
    // wait for it.
    private async Task WhenCertainAsync(BroadcastOptions options)
    {
        await _scene[0].Adapter.ServerCountAsync();
        foreach (var room in options.Rooms) await _scene[0].Adapter.RoomSizeAsync(room);
    }
}
