using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task RoomMembers_SocketsOnEveryNode_AreListedWithTheirNodes()
    {
        var sockets = await ConnectOneEachAsync("r");
        for (var i = 0; i < 3; i++)
        {
            var members = await Scene[i].Adapter.RoomMembersAsync("r");
            Assert.Equal(sockets.Select(socket => socket.Id).Order(), members.Select(member => member.SocketId).Order());
            Assert.All(
                members,
                member => Assert.Equal(member.Node is null, Scene[i].Sockets.Any(socket => socket.Id == member.SocketId)));
            Assert.Equal(Math.Min(3, Scene.Nodes.Count), members.Select(member => member.Node).Distinct().Count());
        }

        Assert.Equal(sockets[1].Id, Assert.Single(await Scene[0].Adapter.RoomMembersAsync(sockets[1].Id)).SocketId);
        Assert.Empty(await Scene[0].Adapter.RoomMembersAsync("nobody"));
    }

    [Fact]
    public async Task IsInRoom_FromEveryNode_KnowsJoinsAndLeaves()
    {
        var socket = await Scene[1].ConnectAsync("r");
        var other = await Scene[2].ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await Scene[i].Adapter.IsInRoomAsync("r", socket.Id));
            Assert.True(await Scene[i].Adapter.IsInRoomAsync(other.Id, other.Id));
            Assert.False(await Scene[i].Adapter.IsInRoomAsync("r", other.Id));
            Assert.False(await Scene[i].Adapter.IsInRoomAsync("nobody", socket.Id));
        }

        await socket.LeaveAsync("r");
        Assert.False(await Scene[0].Adapter.IsInRoomAsync("r", socket.Id));
    }

    [Fact]
    public async Task Servers_SocketsOnEveryNode_AreCounted()
    {
        await Scene[0].ConnectAsync();
        await Scene[0].ConnectAsync();
        await Scene[1].ConnectAsync();
        var nodes = Scene.Nodes.Count;
        await EventuallyAsync(3, async () => (await Scene[2].Adapter.ServersAsync()).Sum(server => server.Sockets));
        var servers = await Scene[0].Adapter.ServersAsync();
        Assert.Equal(nodes, servers.Length);
        Assert.Equal(nodes == 1 ? 3 : 2, Assert.Single(servers, server => server.Node is null).Sockets);
        Assert.Equal(nodes, servers.Select(server => server.Node).Distinct().Count());
    }

    [Fact]
    public async Task Rooms_MoreAtOnceThanMayBe_AreRefused()
    {
        Assert.Empty(await Scene[0].Adapter.RoomsAsync("", null, 10_000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Scene[0].Adapter.RoomsAsync("", null, 10_001));
    }

    [Fact]
    public async Task Rooms_OnEveryNode_AreListedInPagesByPrefix()
    {
        var rooms = Enumerable.Range(0, 50).Select(i => $"game:{i:D3}").ToArray();
        for (var i = 0; i < 50; i++) await Scene[i].ConnectAsync(rooms[i], rooms[(i + 1) % 50], "lobby");
        await EventuallyAsync(51, async () => (await Scene[0].Adapter.RoomsAsync("", null, 1000)).Length);

        var listed = new List<string>();
        string? after = null;
        while (await Scene[1].Adapter.RoomsAsync("game:", after, 7) is { Length: > 0 } page)
        {
            listed.AddRange(page);
            after = page[^1];
        }

        Assert.Equal(rooms, listed);
        Assert.Equal(["lobby"], (await Scene[2].Adapter.RoomsAsync("lob", null, 10)).ToArray());
        Assert.Equal(["lobby"], (await Scene[2].Adapter.RoomsAsync("", "game:049", 10)).ToArray());
    }

    [Fact]
    public async Task Rooms_ThatEverybodyLeft_AreListedNoMore()
    {
        var near = await Scene[0].ConnectAsync("r", "s");
        var far = await Scene[1].ConnectAsync("r");
        await EventuallyAsync("r,s", ListAsync);
        await near.LeaveAsync("r");
        await near.LeaveAsync("s");
        await EventuallyAsync("r", ListAsync);
        far.Disconnect(close: false);
        await EventuallyAsync("", ListAsync);

        async ValueTask<string> ListAsync() => string.Join(',', await Scene[2].Adapter.RoomsAsync("", null, 100));
    }
}
