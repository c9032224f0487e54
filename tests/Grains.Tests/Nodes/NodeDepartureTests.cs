using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>Nodes that leave, die and come back, seen from rooms and namespaces on several silos.</summary>
public sealed class NodeDepartureTests
{
    private static readonly string[] Rooms = RoomsCluster.RoomsOfShards(20);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task SilentNode_AfterItsTimeout_IsGoneFromRoomsOnAllSilos(int silos)
    {
        await using var cluster = await RoomsCluster.StartAsync(silos, ShortLeases);
        await using var living = await TestNode.StartAsync(cluster, "living");
        await using var dying = await TestNode.StartAsync(cluster, "dying");
        await JoinAllAsync(cluster, living, dying);

        await dying.KillAsync();
        foreach (var room in Rooms)
        {
            await living.HearAsync(room, 1);
            Assert.Equal([$"{living.Identity}"], (await cluster.Owner(room).GetNodesAsync([room])).Ordered());
        }

        Assert.Equal(
            MembershipOutcome.Fenced, (await cluster.Owner(Rooms[0]).ApplyAsync(Deltas.Join(dying.Identity, 2, Rooms[0], "late"))).Outcome);
        Assert.False(await cluster.Namespace().ApplyAsync(new NamespacePresence(dying.Identity, 2, true, 1)));
        Assert.Equal(HeartbeatStatus.Renewed, living.LastStatus);
    }

    [Fact]
    public async Task NodeThatLeaves_IsGoneFromQueriesThatKnowTheVersion()
    {
        await using var cluster = await RoomsCluster.StartAsync(3, options => options.ViewPollInterval = TimeSpan.FromSeconds(20));
        var a = await cluster.RegisterAsync("a");
        var b = await cluster.RegisterAsync("b");
        foreach (var room in Rooms)
        {
            await cluster.Owner(room).ApplyAsync(Deltas.Join(a, 1, room, "s1"));
            await cluster.Owner(room).ApplyAsync(Deltas.Join(b, 1, room, "s2"));
        }

        await cluster.Namespace().ApplyAsync(new NamespacePresence(a, 1, true, 1));
        await cluster.Namespace().ApplyAsync(new NamespacePresence(b, 1, true, 1));

        await cluster.Directory.LeaveAsync(b);
        var version = await cluster.CurrentVersionAsync();
        foreach (var room in Rooms)
        {
            Assert.Equal(["s1@a"], (await cluster.Owner(room).GetMembersAsync(room, version)).Ordered());
            Assert.Equal(1, await cluster.Owner(room).GetSizeAsync(room, version));
        }

        Assert.Equal([new NamespaceNode(a, 1)], (await cluster.Namespace().GetNodesAsync(version)).ToArray());
    }

    [Fact]
    public async Task RestartedNode_InheritsNothing()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var former = await cluster.RegisterAsync("a");
        await cluster.Owner("red").ApplyAsync(Deltas.Join(former, 1, "red", "s1", "s2"));
        var restarted = await cluster.RegisterAsync("a");
        Assert.True(restarted.Epoch > former.Epoch);

        Assert.Equal(0, await cluster.Owner("red").GetSizeAsync("red", await cluster.CurrentVersionAsync()));
        Assert.Equal(MembershipOutcome.Applied, (await cluster.Owner("red").ApplyAsync(Deltas.Join(restarted, 1, "red", "s9"))).Outcome);
        Assert.Equal(MembershipOutcome.Fenced, (await cluster.Owner("red").ApplyAsync(Deltas.Join(former, 2, "red", "s3"))).Outcome);
        Assert.Equal(HeartbeatStatus.Fenced, (await cluster.Directory.HeartbeatAsync(former, default, 0)).Status);
        Assert.Equal(["s9@a"], (await cluster.Owner("red").GetMembersAsync("red", default)).Ordered());
    }

    [Fact]
    public async Task DirectoryThatIsActivatedAnew_AdoptsTheLivingAndMissesTheDead()
    {
        await using var cluster = await RoomsCluster.StartAsync(3, ShortLeases);
        await using var living = await TestNode.StartAsync(cluster, "living");
        await using var dying = await TestNode.StartAsync(cluster, "dying");
        await JoinAllAsync(cluster, living, dying);

        // The new directory never hears of this node, except from the rooms.
        await dying.KillAsync();
        await cluster.Cluster.DeactivateAsync(cluster.Directory);
        foreach (var room in Rooms)
        {
            await living.HearAsync(room, 1);
        }

        Assert.Equal(HeartbeatStatus.Renewed, living.LastStatus);
        var view = (await cluster.Directory.GetViewAsync(default, []))!;
        Assert.Equal([living.Identity], view.Living.ToArray());
        Assert.Contains(dying.Identity, view.Departed);
    }

    [Fact]
    public async Task Directory_KnownVersion_AnswersNothingNew()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        var node = await cluster.RegisterAsync("a");
        var reply = await cluster.Directory.HeartbeatAsync(node, default, 0);
        Assert.Equal(HeartbeatStatus.Renewed, reply.Status);
        Assert.Equal([node], reply.View!.Living.ToArray());
        Assert.Null((await cluster.Directory.HeartbeatAsync(node, reply.View.Version, 0)).View);
        Assert.Null(await cluster.Directory.GetViewAsync(reply.View.Version, []));
        await cluster.Directory.LeaveAsync(node);
        Assert.Equal([node], (await cluster.Directory.GetViewAsync(reply.View.Version, []))!.Departed.ToArray());
    }

    private static void ShortLeases(RoomsGrainOptions options)
    {
        options.NodeTimeout = TimeSpan.FromSeconds(4);
        options.SweepInterval = TimeSpan.FromMilliseconds(100);
        options.ViewPollInterval = TimeSpan.FromMilliseconds(200);
    }

    private static async Task JoinAllAsync(RoomsCluster cluster, TestNode living, TestNode dying)
    {
        foreach (var room in Rooms)
        {
            await cluster.Owner(room).ApplyAsync(Deltas.Join(living.Identity, 1, room, "s1").Watching());
            await cluster.Owner(room).ApplyAsync(Deltas.Join(dying.Identity, 1, room, "s2", "s3"));
            await living.HearAsync(room, 3);
        }

        await cluster.Namespace().ApplyAsync(new NamespacePresence(living.Identity, 1, true, 1));
        await cluster.Namespace().ApplyAsync(new NamespacePresence(dying.Identity, 1, true, 2));
    }
}
