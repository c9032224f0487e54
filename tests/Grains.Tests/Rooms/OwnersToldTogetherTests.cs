using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class OwnersToldTogetherTests
{
    [Fact]
    public async Task OwnersOfOneSilo_TakeWhatOneIsTold()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var (a, b) = (await cluster.RegisterAsync("a"), await cluster.RegisterAsync("b"));
        var rooms = RoomsCluster.RoomsOfShards(4);
        var silos = await JoinAllAsync(cluster, a, rooms[..3]);

        var replies = await cluster.Owner(rooms[0]).ApplyManyAsync(
        [
            Said(Deltas.Join(a, 2, rooms[2], "s2")),
            Said(Deltas.Join(b, 1, rooms[1], "s3")),
            Said(Deltas.Join(a, 7, rooms[0], "s4")),
            Said(Deltas.Join(a, 1, rooms[3], "s5")),
        ]);

        Assert.Equal(
            [MembershipOutcome.Applied, MembershipOutcome.Applied, MembershipOutcome.SnapshotNeeded, null],
            replies.Select(reply => reply?.Outcome));
        Assert.NotEqual(0, Assert.Single(silos.Concat(replies.OfType<MembershipReply>().Select(reply => reply.Silo)).Distinct()));
        Assert.Equal(["s1@a", "s2@a"], (await cluster.Owner(rooms[2]).GetMembersAsync(rooms[2], default)).Ordered());
        Assert.Equal(["s1@a", "s3@b"], (await cluster.Owner(rooms[1]).GetMembersAsync(rooms[1], default)).Ordered());
        Assert.Equal(["s1@a"], (await cluster.Owner(rooms[0]).GetMembersAsync(rooms[0], default)).Ordered());
        // It had not come up, and whether it has members is asked of itself.
        Assert.Equal(0, await cluster.Owner(rooms[3]).GetSizeAsync(rooms[3], default));
    }

    [Fact]
    public async Task OwnersOfOtherSilos_AreToldNothing()
    {
        await using var cluster = await RoomsCluster.StartAsync(3);
        var a = await cluster.RegisterAsync("a");
        var rooms = RoomsCluster.RoomsOfShards(24);
        var silos = await JoinAllAsync(cluster, a, rooms);
        Assert.InRange(silos.Distinct().Count(), 2, 3);

        var replies = await cluster.Owner(rooms[0]).ApplyManyAsync([.. rooms.Select(room => Said(Deltas.Join(a, 2, room, "s2")))]);

        for (var i = 0; i < rooms.Length; i++)
        {
            var isThere = silos[i] == silos[0];
            Assert.Equal(isThere ? MembershipOutcome.Applied : null, replies[i]?.Outcome);
            Assert.Equal(isThere ? 2 : 1, await cluster.Owner(rooms[i]).GetSizeAsync(rooms[i], default));
        }
    }

    [Fact]
    public async Task OwnerThatWasLostOrIsIncomplete_HasToBeToldItself()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        var rooms = RoomsCluster.RoomsOfShards(2);
        await JoinAllAsync(cluster, a, rooms);
        await cluster.Cluster.DeactivateAsync(cluster.Owner(rooms[1]));

        Assert.Null(await TellSecondAsync(Deltas.Join(a, 2, rooms[1], "s2")));
        Assert.Equal(
            MembershipOutcome.SnapshotNeeded, (await cluster.Owner(rooms[1]).ApplyAsync(Deltas.Join(a, 2, rooms[1], "s2"))).Outcome);
        var snapshot = Deltas.Snapshot(a, 2, rooms[1], "s1", "s2");
        Assert.Null(await TellSecondAsync(snapshot));
        await cluster.ConfirmAsync(a);
        Assert.Equal(MembershipOutcome.Applied, (await cluster.Owner(rooms[1]).ApplyAsync(snapshot)).Outcome);
        Assert.Equal(["s1@a", "s2@a"], (await cluster.Owner(rooms[1]).GetMembersAsync(rooms[1], default)).Ordered());
        Assert.Equal(MembershipOutcome.Applied, (await TellSecondAsync(Deltas.Join(a, 3, rooms[1], "s3")))?.Outcome);

        async Task<MembershipReply?> TellSecondAsync(MembershipDelta delta) =>
            Assert.Single(await cluster.Owner(rooms[0]).ApplyManyAsync([Said(delta)]));
    }

    [Fact]
    public async Task MalformedDelta_HarmsNoOther()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        var rooms = RoomsCluster.RoomsOfShards(3);
        await JoinAllAsync(cluster, a, rooms);

        var replies = await cluster.Owner(rooms[0]).ApplyManyAsync(
        [
            Said(Deltas.Join(a, 2, rooms[0], "s2")) with { Delta = Deltas.Join(a, 2, rooms[1], "s2") },
            Said(Deltas.Join(a, 2, rooms[1], "")),
            Said(Deltas.Join(a, 2, rooms[2], "s2")),
        ]);

        Assert.Equal([null, null, MembershipOutcome.Applied], replies.Select(reply => reply?.Outcome));
        foreach (var (room, size) in rooms.Zip([1, 1, 2])) Assert.Equal(size, await cluster.Owner(room).GetSizeAsync(room, default));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(RoomShardKey.Count)]
    [InlineData(null)]
    public async Task ShardThatThereIsNotOrTwice_IsRefusedWhole(int? wrong)
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var a = await cluster.RegisterAsync("a");
        var said = Said(Deltas.Join(a, 1, "red", "s1"));

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => cluster.Owner("red").ApplyManyAsync([said, said with { Shard = wrong ?? said.Shard }]).AsTask());
        Assert.Equal(0, await cluster.Owner("red").GetSizeAsync("red", default));
        Assert.Empty(await cluster.Owner("red").ApplyManyAsync([]));
    }

    private static async Task<int[]> JoinAllAsync(RoomsCluster cluster, NodeIdentity node, string[] rooms)
    {
        var silos = new List<int>();
        foreach (var room in rooms) silos.Add((await cluster.Owner(room).ApplyAsync(Deltas.Join(node, 1, room, "s1"))).Silo);
        return [.. silos];
    }

    private static ShardDelta Said(MembershipDelta delta) => new(RoomShardKey.ShardOf(delta.Changes[0].Room), delta);
}
