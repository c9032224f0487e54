using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RoomShardGrainTests
{
    // Looks like a socket id.
    private const string PrivateRoom = "aaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Room_NodesJoinAndLeave_KnowsNodesSizeAndMembers(int silos)
    {
        await using var cluster = await RoomsCluster.StartAsync(silos);
        var a = await cluster.RegisterAsync("a");
        var b = await cluster.RegisterAsync("b");
        var room = cluster.Owner("red");

        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Join(a, 1, "red", "s1", "s2"))).Outcome);
        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Join(b, 1, "red", "s3"))).Outcome);
        Assert.Equal(3, await room.GetSizeAsync("red", default));
        Assert.Equal(["s1@a", "s2@a", "s3@b"], (await room.GetMembersAsync("red", default)).Ordered());
        Assert.Equal([$"{a}", $"{b}"], (await room.GetNodesAsync(["red"])).Ordered());

        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Leave(b, 2, "red", "s3"))).Outcome);
        Assert.Equal([$"{a}"], (await room.GetNodesAsync(["red"])).Ordered());
        Assert.Equal(2, await room.GetSizeAsync("red", default));
    }

    [Fact]
    public async Task Room_LosesItsActivation_AsksForSnapshotsAndIsWholeAgain()
    {
        await using var cluster = await RoomsCluster.StartAsync(3);
        var a = await cluster.RegisterAsync("a");
        var b = await cluster.RegisterAsync("b");
        var room = cluster.Owner("red");
        await room.ApplyAsync(Deltas.Join(a, 1, "red", "s1"));
        await room.ApplyAsync(Deltas.Join(b, 1, "red", "s2"));

        await cluster.Cluster.DeactivateAsync(room);
        Assert.Equal(MembershipOutcome.SnapshotNeeded, (await room.ApplyAsync(Deltas.Join(a, 2, "red", "s3"))).Outcome);
        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Snapshot(a, 2, "red", "s1", "s3"))).Outcome);
        Assert.False((await room.GetNodesAsync(["red"])).IsComplete);
        var size = room.GetSizeAsync("red", default).AsTask();
        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Snapshot(b, 1, "red", "s2"))).Outcome);
        Assert.False(size.IsCompleted);
        await cluster.ConfirmAsync(a, b);
        Assert.Equal(3, await size);
        Assert.Equal(["s1@a", "s2@b", "s3@a"], (await room.GetMembersAsync("red", default)).Ordered());
        Assert.True((await room.GetNodesAsync(["red"])).IsComplete);
    }

    [Fact]
    public async Task Rooms_OfOneShard_AreToldApart()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var (a, b) = (await cluster.RegisterAsync("a"), await cluster.RegisterAsync("b"));
        var other = Enumerable.Range(0, int.MaxValue).Select(i => $"room-{i}")
            .First(room => RoomShardKey.ShardOf(room) == RoomShardKey.ShardOf("red"));
        var owner = cluster.Owner("red");
        await owner.ApplyAsync(Deltas.Join(a, 1, "red", "s1"));
        await owner.ApplyAsync(Deltas.Join(b, 1, other, "s2"));

        Assert.Equal(1, await owner.GetSizeAsync("red", default));
        Assert.Equal(["s2@b"], (await owner.GetMembersAsync(other, default)).Ordered());
        var routes = await owner.GetNodesAsync([other, "nobody's", "red"]);
        Assert.Equal([[b], [], [a]], routes.Nodes.Select(nodes => nodes.ToArray()));
        Assert.Equal(new[] { "red", other }.Order(StringComparer.Ordinal), (await owner.ListAsync("", null, 10, default)).Rooms);
    }

    [Fact]
    public async Task Room_WithMembers_IsNotCollectedWhenIdle()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        Assert.NotEqual(RoomShardKey.ShardOf("full"), RoomShardKey.ShardOf("empty"));
        var a = await cluster.RegisterAsync("a");
        await cluster.Owner("full").ApplyAsync(Deltas.Join(a, 1, "full", "s1"));
        await cluster.Owner("empty").ApplyAsync(Deltas.Join(a, 1, "empty", "s1"));
        await cluster.Owner("empty").ApplyAsync(Deltas.Leave(a, 2, "empty", "s1"));
        await cluster.Namespace().ApplyAsync(new(a, 1, true, 1));

        var emptyEnds = cluster.Cluster.WaitForDeactivationAsync(cluster.Owner("empty"));
        await cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await emptyEnds.WaitAsync(RoomsCluster.Patience);
        Assert.Equal(1, await cluster.Owner("full").GetSizeAsync("full", default));
        Assert.Single(await cluster.Namespace().GetNodesAsync(default));
    }

    [Fact]
    public async Task Room_MalformedDelta_IsRefusedWhole()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        var room = cluster.Owner("red");
        var delta = Deltas.Join(a, 1, "red", "s1");
        await Refused(room, delta with { Node = new NodeIdentity("", 1) });
        await Refused(room, delta with { BaseVersion = -2 });
        await Refused(room, delta with { BaseVersion = 5, Version = 4 });
        await Refused(room, delta with { Changes = [.. delta.Changes, new MembershipChange("blue", "s1", true)] });
        await Refused(room, delta with { Changes = [.. delta.Changes, new MembershipChange("red", null!, true)] });
        await Refused(cluster.Owner(PrivateRoom), delta);
        Assert.Equal(0, await room.GetSizeAsync("red", default));

        static Task Refused(IRoomShardGrain owner, MembershipDelta delta) =>
            Assert.ThrowsAnyAsync<ArgumentException>(() => owner.ApplyAsync(delta).AsTask());
    }

    [Fact]
    public async Task Sizes_AsNodesJoinAndLeave_AreToldToWatchersInTheRoom()
    {
        await using var cluster = await RoomsCluster.StartAsync(3);
        await using var a = await TestNode.StartAsync(cluster, "a");
        await using var b = await TestNode.StartAsync(cluster, "b");
        await using var c = await TestNode.StartAsync(cluster, "c");
        var room = cluster.Owner("red");

        await room.ApplyAsync(Deltas.Join(a.Identity, 1, "red", "s1").Watching());
        await a.HearAsync("red", 1);
        await room.ApplyAsync(Deltas.Join(c.Identity, 1, "red", "s9"));
        for (var version = 1; version <= 200; version++)
        {
            await room.ApplyAsync(Deltas.Join(b.Identity, version, "red", $"s{version}").Watching());
        }

        await a.HearAsync("red", 202);
        await b.HearAsync("red", 202);
        await room.ApplyAsync(Deltas.Leave(a.Identity, 2, "red", "s1").Watching());
        await b.HearAsync("red", 201);
        Assert.Empty(a.TakeNotices());
        Assert.Empty(c.TakeNotices());
    }

    [Fact]
    public async Task Sizes_OfPrivateRooms_AreToldOnlyOnceTheyAreShared()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        await using var a = await TestNode.StartAsync(cluster, "a");
        var shard = cluster.Owner(PrivateRoom);
        await shard.ApplyAsync(Deltas.Join(a.Identity, 1, PrivateRoom, PrivateRoom).Watching());
        await shard.ApplyAsync(Deltas.Join(a.Identity, 2, PrivateRoom, "other").Watching());

        // The size 1 of the private room would have come before.
        await a.HearAsync(PrivateRoom, 2);
        Assert.Equal(2, await shard.GetSizeAsync(PrivateRoom, default));
        Assert.Equal([$"{a.Identity}"], (await shard.GetNodesAsync([PrivateRoom])).Ordered());
    }
}
