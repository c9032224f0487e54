using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RoomGrainTests
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
        var room = cluster.Room("red");

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
        var room = cluster.Room("red");
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
    public async Task Room_MemberOfWhichItsNodeSpeaksNoMore_IsDroppedOnceTheIndexDoesNotKnowIt()
    {
        await using var cluster = await RoomsCluster.StartAsync(1, options => options.SilenceInterval = TimeSpan.FromMilliseconds(100));
        var (gone, quiet) = (await cluster.RegisterAsync("gone"), await cluster.RegisterAsync("quiet"));
        var index = cluster.Client.GetGrain<IRoomIndexGrain>(RoomIndexKey.Of(RoomsCluster.Key, "/", "red").ToGrainKey());
        var room = cluster.Room("red");
        // Of both the room hears nothing more; one has a member all the same, as the index knows.
        await index.ApplyAsync(Deltas.Join(quiet, 1, "red", RoomIndexKey.Marker));
        await room.ApplyAsync(Deltas.Join(gone, 1, "red", "ghost"));
        await room.ApplyAsync(Deltas.Join(quiet, 1, "red", "s1"));

        using var patience = new CancellationTokenSource(RoomsCluster.Patience, TimeProvider.System);
        while (await room.GetSizeAsync("red", default) != 1) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        Assert.Equal(["s1@quiet"], (await room.GetMembersAsync("red", default)).Ordered());
        Assert.Equal([$"{quiet}"], (await room.GetNodesAsync(["red"])).Ordered());

        // It may come back at any time.
        Assert.Equal(MembershipOutcome.SnapshotNeeded, (await room.ApplyAsync(Deltas.Join(gone, 2, "red", "s2"))).Outcome);
        await index.ApplyAsync(Deltas.Join(gone, 1, "red", RoomIndexKey.Marker));
        Assert.Equal(MembershipOutcome.Applied, (await room.ApplyAsync(Deltas.Snapshot(gone, 2, "red", "s2"))).Outcome);
        Assert.Equal(2, await room.GetSizeAsync("red", default));
    }

    [Fact]
    public async Task Room_WithMembers_IsNotCollectedWhenIdle()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        await cluster.Room("full").ApplyAsync(Deltas.Join(a, 1, "full", "s1"));
        await cluster.Room("empty").ApplyAsync(Deltas.Join(a, 1, "empty", "s1"));
        await cluster.Room("empty").ApplyAsync(Deltas.Leave(a, 2, "empty", "s1"));
        await cluster.Namespace().ApplyAsync(new(a, 1, true, 1));

        var emptyEnds = cluster.Cluster.WaitForDeactivationAsync(cluster.Room("empty"));
        await cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await emptyEnds.WaitAsync(RoomsCluster.Patience);
        Assert.Equal(1, await cluster.Room("full").GetSizeAsync("full", default));
        Assert.Single(await cluster.Namespace().GetNodesAsync(default));
    }

    [Fact]
    public async Task Room_MalformedDelta_IsRefusedWhole()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        var room = cluster.Room("red");
        var delta = Deltas.Join(a, 1, "red", "s1");
        await Refused(room, delta with { Node = new NodeIdentity("", 1) });
        await Refused(room, delta with { BaseVersion = -2 });
        await Refused(room, delta with { BaseVersion = 5, Version = 4 });
        await Refused(room, delta with { Changes = [.. delta.Changes, new MembershipChange("blue", "s1", true)] });
        await Refused(room, delta with { Changes = [.. delta.Changes, new MembershipChange("red", null!, true)] });
        await Refused(cluster.Shard(PrivateRoom), delta);
        Assert.Equal(0, await room.GetSizeAsync("red", default));

        static Task Refused(IRoomOwner owner, MembershipDelta delta) =>
            Assert.ThrowsAnyAsync<ArgumentException>(() => owner.ApplyAsync(delta).AsTask());
    }

    [Fact]
    public async Task Sizes_AsNodesJoinAndLeave_AreToldToWatchersInTheRoom()
    {
        await using var cluster = await RoomsCluster.StartAsync(3);
        await using var a = await TestNode.StartAsync(cluster, "a");
        await using var b = await TestNode.StartAsync(cluster, "b");
        await using var c = await TestNode.StartAsync(cluster, "c");
        var room = cluster.Room("red");

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
        var shard = cluster.Shard(PrivateRoom);
        await shard.ApplyAsync(Deltas.Join(a.Identity, 1, PrivateRoom, PrivateRoom).Watching());
        await shard.ApplyAsync(Deltas.Join(a.Identity, 2, PrivateRoom, "other").Watching());

        // The size 1 of the private room would have come before.
        await a.HearAsync(PrivateRoom, 2);
        Assert.Equal(2, await shard.GetSizeAsync(PrivateRoom, default));
        Assert.Equal([$"{a.Identity}"], (await shard.GetNodesAsync([PrivateRoom])).Ordered());
    }
}
