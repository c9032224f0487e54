using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// The directory is made to know something else of a node than the node holds, with no version, generation or epoch to tell it by: the pass
/// that compares digests finds it, counts it and heals it.
/// </summary>
public sealed class DivergenceTests(NodesThatVerify cluster) : IClassFixture<NodesThatVerify>
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(0, true)]
    public async Task PlantedInARoom_IsFoundAndHealed(int kept, bool withGhost)
    {
        using var divergences = Divergences();
        await using var scene = await AdapterScene.OpenAsync($"/planted-{kept}-{withGhost}", [cluster.Near, cluster.Far]);
        var near = await scene[0].ConnectAsync("r");
        var far = await ConnectAllAsync(scene, "r");
        string[] all = [near.Id, .. far.Select(socket => socket.Id)];
        // What has not been told yet would heal it as well.
        await AdapterScene.UntilAsync(
            async () => Same(all, (await scene[1].Adapter.RoomMembersAsync("r")).Select(member => member.SocketId)));
        string[] planted = [.. far.Take(kept).Select(socket => socket.Id), .. withGhost ? ["ghost"] : Array.Empty<string>()];
        await PlantAsync(cluster.Near.OwnerOf(scene.Name, "r"), "r", near.Id, planted);

        await AdapterScene.UntilAsync(
            async () => Same(all, (await scene[0].Adapter.RoomMembersAsync("r")).Select(member => member.SocketId)));
        Assert.Equal(all.Length, await scene[1].Adapter.RoomSizeAsync("r"));
        Assert.NotEmpty(divergences.GetMeasurementSnapshot());
        await scene[0].Adapter.BroadcastAsync(Packets.Event("[1]"), BroadcastOptions.All.To("r"));
        foreach (var socket in far) await socket.WaitForLogAsync(log => log.Length > 0, "the packet");
    }

    [Fact]
    public async Task PlantedWhereTheNodeHasNobodyAnyMore_IsFoundAndHealed()
    {
        using var divergences = Divergences();
        await using var scene = await AdapterScene.OpenAsync("/planted-nobody", [cluster.Near, cluster.Far]);
        // Rooms of no other socket's shard.
        var near = await scene[0].ConnectAsync();
        var far = await scene[1].ConnectAsync();
        var room = Enumerable.Range(0, 1000).Select(i => $"r{i}")
            .First(room => !new[] { near.Id, far.Id }.Select(RoomShardKey.ShardOf).Contains(RoomShardKey.ShardOf(room)));
        await far.JoinAsync(room);
        await far.LeaveAsync(room);
        await AdapterScene.UntilAsync(async () => await scene[0].Adapter.RoomSizeAsync(room) == 0);
        await PlantAsync(cluster.Near.OwnerOf(scene.Name, room), room, "", ["ghost"]);

        await AdapterScene.UntilAsync(async () => await scene[0].Adapter.RoomSizeAsync(room) == 0);
        Assert.NotEmpty(divergences.GetMeasurementSnapshot());
    }

    private static async Task<TestSocket[]> ConnectAllAsync(AdapterScene scene, string room) =>
        [await scene[1].ConnectAsync(room), await scene[1].ConnectAsync(room), await scene[1].ConnectAsync(room)];

    // Says in the far node's name what it does not hold, as of the very version at which the owner is: a snapshot of an older one says
    // nothing, and a newer one would be no divergence but a lie that the node knows nothing of.
    private async Task PlantAsync(IRoomShardGrain owner, string room, string near, string[] planted)
    {
        var run = cluster.Far.Node.CurrentRun!;
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            var newest = run.NextVersion() - 1;
            for (var version = 1; version <= newest; version++)
            {
                await owner.ApplyAsync(new MembershipDelta
                {
                    Node = run.Identity,
                    BaseVersion = MembershipDelta.Snapshot,
                    Version = version,
                    Changes = [.. planted.Select(socket => new MembershipChange(room, socket, Joined: true))],
                });
                var known = (await owner.GetMembersAsync(room, default)).Select(member => member.SocketId).Where(socket => socket != near);
                if (Same(planted, known))
                {
                    return;
                }
            }
        }

        Assert.Fail("The owner could not be made to diverge.");
    }

    private MetricCollector<long> Divergences() => new(
        ((HostedNode)cluster.Silos.CohostedNode(0)).Services.GetRequiredService<IMeterFactory>(), "OrleansRooms.Grains",
        "orleansrooms.membership.divergences");

    private static bool Same(IEnumerable<string> expected, IEnumerable<string> actual) =>
        expected.Order(StringComparer.Ordinal).SequenceEqual(actual.Order(StringComparer.Ordinal));
}

/// <summary>A silo and two clients of it that ask owners every second whether they know what they should.</summary>
public sealed class NodesThatVerify : IAsyncLifetime
{
    public TestSilos Silos { get; private set; } = null!;

    internal HostedNode Near { get; private set; } = null!;

    internal HostedNode Far { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Silos = await TestSilos.StartAsync(1);
        Near = await StartNodeAsync();
        Far = await StartNodeAsync();

        async Task<HostedNode> StartNodeAsync() =>
            (HostedNode)await Silos.StartClientNodeAsync(options => options.VerifyInterval = TimeSpan.FromSeconds(1));
    }

    public async Task DisposeAsync()
    {
        await Near.DisposeAsync();
        await Far.DisposeAsync();
        await Silos.DisposeAsync();
    }
}
