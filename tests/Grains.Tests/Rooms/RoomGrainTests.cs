using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RoomGrainTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Room_NodesJoinAndLeave_KnowsNodesSizeAndMembers(int silos)
    {
        await using var cluster = await RoomsCluster.StartAsync(silos);
        var a = await cluster.RegisterAsync("a");
        var b = await cluster.RegisterAsync("b");
        var room = cluster.Room("red");

        Assert.Equal(MembershipOutcome.Applied, await room.ApplyAsync(Deltas.Join(a, 1, "red", "s1", "s2")));
        Assert.Equal(MembershipOutcome.Applied, await room.ApplyAsync(Deltas.Join(b, 1, "red", "s3")));
        Assert.Equal(3, await room.GetSizeAsync("red", default));
        Assert.Equal(["s1@a", "s2@a", "s3@b"], (await room.GetMembersAsync("red", default)).Ordered());
        Assert.Equal([$"{a}", $"{b}"], (await room.GetNodesAsync(["red"])).Ordered());

        Assert.Equal(MembershipOutcome.Applied, await room.ApplyAsync(Deltas.Leave(b, 2, "red", "s3")));
        Assert.Equal([$"{a}"], (await room.GetNodesAsync(["red"])).Ordered());
        Assert.Equal(2, await room.GetSizeAsync("red", default));
    }

    [Fact]
    public async Task Room_NodeLeaves_QueryWithTheNewVersionNoLongerCountsIt()
    {
        await using var cluster = await RoomsCluster.StartAsync(3, options => options.ViewPollInterval = TimeSpan.FromSeconds(20));
        var a = await cluster.RegisterAsync("a");
        var b = await cluster.RegisterAsync("b");
        var rooms = Enumerable.Range(0, 30).Select(i => $"room{i}").ToArray();
        foreach (var room in rooms)
        {
            await cluster.Room(room).ApplyAsync(Deltas.Join(a, 1, room, "s1"));
            await cluster.Room(room).ApplyAsync(Deltas.Join(b, 1, room, "s2"));
        }

        await cluster.Directory.LeaveAsync(b);
        var version = await cluster.CurrentVersionAsync();
        foreach (var room in rooms)
        {
            Assert.Equal(["s1@a"], (await cluster.Room(room).GetMembersAsync(room, version)).Ordered());
            Assert.Equal([$"{a}"], (await cluster.Room(room).GetNodesAsync([room])).Ordered());
        }
    }
}
