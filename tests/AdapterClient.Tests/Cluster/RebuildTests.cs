using System.Collections.Concurrent;
using Orleans.Core.Internal;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// G6, the directory's half: a silo is lost with the rooms that it owned. Owners that come up elsewhere say that they are incomplete until
/// every node has told them again, answers are true or not given, and soon everything is as it was.
/// </summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private const int Rooms = 60;

    private readonly ConcurrentDictionary<string, int> _incomplete = new();
    private TestSilos _silos = null!;
    private HostedNode[] _nodes = null!;

    public async Task InitializeAsync()
    {
        _silos = await TestSilos.StartAsync(3, nodeTimeout: TimeSpan.FromSeconds(8), silosDie: true);
        _nodes = [await StartNodeAsync(), await StartNodeAsync(), await StartNodeAsync()];

        async Task<HostedNode> StartNodeAsync() => (HostedNode)await _silos.StartClientNodeAsync(options =>
        {
            // Only the generation makes nodes tell anything again.
            options.VerifyInterval = TimeSpan.FromHours(1);
            options.CallTimeout = TimeSpan.FromSeconds(1);
        });
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await _silos.DisposeAsync();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task SiloLost_AnswersAreTrueOrNotGivenAndSoonCompleteAgain(bool withDirectory, bool killed)
    {
        await using var scene = await AdapterScene.OpenAsync("/lost", _nodes);
        var expected = await FillAsync(scene);
        var directory = await PlaceDirectoryAsync();
        var lost = withDirectory ? directory : 3 - directory;
        // As long as it lives and confirms nothing, owners that come up after the loss are incomplete, and there is time to see it.
        var mute = (await _nodes[0].Node.Directory.RegisterAsync("mute", lastEpoch: 0)).Node;
        using var living = new CancellationTokenSource();
        // Also while the silo ends, which may take longer than the lease.
        var lives = Task.Run(() => LiveAsync(mute, living.Token));

        using var asking = new CancellationTokenSource();
        var asked = Task.WhenAll(
            Task.Run(() => AskForRoutesAsync(expected, asking.Token)), Task.Run(() => AskForSizesAsync(scene, expected, asking.Token)));
        await (killed ? _silos.KillSiloAsync(lost) : _silos.StopSiloAsync(lost));
        await AdapterScene.UntilAsync(
            () => ValueTask.FromResult(_incomplete.Count >= Rooms / 10), () => $"{_incomplete.Count} rooms were seen incomplete.");
        await living.CancelAsync();
        await lives;
        await _nodes[0].Node.Directory.LeaveAsync(mute);
        await _silos.WhenSettledAsync();
        foreach (var (room, nodes) in expected)
        {
            Assert.Equal(nodes.Count, await AdapterScene.AnsweredAsync(() => scene[0].Adapter.RoomSizeAsync(room)));
            var routes = await OwnerOf(room).GetNodesAsync([room]);
            Assert.True(routes.IsComplete);
            Assert.Equal(nodes.Select(node => node.Id).Order(), routes.Nodes[0].Select(node => node.Id).Order());
        }

        Assert.Equal(3, await AdapterScene.AnsweredAsync(() => scene[1].Adapter.ServerCountAsync()));
        Assert.Equal(9, await AdapterScene.AnsweredAsync(() => scene[1].Adapter.SocketCountAsync()));
        await asking.CancelAsync();
        await asked;
    }

    [Fact]
    public async Task OwnerDeactivatedOnALivingSilo_IsToldAgainAtOnce()
    {
        await using var scene = await AdapterScene.OpenAsync("/one", _nodes);
        var expected = await FillAsync(scene);
        var room = OwnerOf("r0", "/one");
        await room.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await AdapterScene.UntilAsync(async () => !(await room.GetNodesAsync(["r0"])).IsComplete);
        Assert.Equal(expected["r0"].Count, await AdapterScene.AnsweredAsync(() => scene[0].Adapter.RoomSizeAsync("r0")));
        Assert.True((await room.GetNodesAsync(["r0"])).IsComplete);
    }

    [Fact]
    public async Task PacketsToARoomWhoseOwnerIsIncomplete_AreNotLost()
    {
        await using var scene = await AdapterScene.OpenAsync("/packets", _nodes);
        var far = await scene[1].ConnectAsync("r0");
        await scene[2].ConnectAsync("other");
        for (var i = 0; i < 20; i++)
        {
            await OwnerOf("r0", "/packets").Cast<IGrainManagementExtension>().DeactivateOnIdle();
            if (i % 3 == 0)
            {
                await _nodes[0].Node.Grains.GetGrain<INamespaceGrain>(new NamespaceKey("default", "/packets").ToGrainKey())
                    .Cast<IGrainManagementExtension>().DeactivateOnIdle();
            }

            await scene[0].Adapter.BroadcastAsync(Packets.Event($"[{i}]"), BroadcastOptions.All.To("r0"));
            if (i % 2 == 0) await _nodes[0].Node.WhenSentAsync();
        }

        await far.WaitForLogAsync(log => log.Length >= 20, "20 packets");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"42[{i}]"), scene.EventsOf(far));
    }

    private async Task LiveAsync(NodeIdentity node, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await TryHeartbeatAsync(node);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task TryHeartbeatAsync(NodeIdentity node)
    {
        try
        {
            await _nodes[0].Node.Directory.HeartbeatAsync(node, default, confirmedGeneration: 0).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // The directory's silo was lost; the next one adopts the node.
        }
    }

    // Somewhere but in the first silo, which holds the membership table of test clusters and cannot be lost.
    private async Task<int> PlaceDirectoryAsync()
    {
        var directory = _nodes[0].Node.Directory;
        await directory.GetViewAsync(default, []);
        if (await _silos.SiloOfAsync(directory) == 0)
        {
            await _silos.ActivateOnAsync(1, () => directory.Cast<IGrainManagementExtension>().MigrateOnIdle().AsTask());
            await AdapterScene.UntilAsync(async () => await _silos.SiloOfAsync(directory) > 0);
        }

        await _silos.WhenSettledAsync();
        return await _silos.SiloOfAsync(directory);
    }

    // Every node has three sockets, spread over the rooms.
    private async Task<Dictionary<string, List<NodeIdentity>>> FillAsync(AdapterScene scene)
    {
        var expected = Enumerable.Range(0, Rooms).ToDictionary(i => $"r{i}", _ => new List<NodeIdentity>());
        for (var s = 0; s < 9; s++)
        {
            // Every room has one socket, every fifth a socket on each node.
            var rooms = Enumerable.Range(0, Rooms).Where(i => i % 9 == s || (i % 5 == 0 && ((i + 1) % 9 == s || (i + 2) % 9 == s)))
                .Select(i => $"r{i}").ToArray();
            await scene[s].ConnectAsync(rooms);
            foreach (var room in rooms) expected[room].Add(_nodes[s % 3].Node.CurrentRun!.Identity);
        }

        foreach (var (room, nodes) in expected) Assert.Equal(nodes.Count, await CountAsync(room));
        return expected;

        async Task<int> CountAsync(string room) => (await OwnerOf(room, scene.Name).GetNodesAsync([room])).Nodes[0].Length;
    }

    private async Task AskForRoutesAsync(Dictionary<string, List<NodeIdentity>> expected, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // All at once: calls to a silo that is dead and not known to be so take their time.
            await Task.WhenAll(expected.Select(each => AskAsync(each.Key, each.Value)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }

        async Task AskAsync(string room, List<NodeIdentity> nodes)
        {
            RoomRoutes routes;
            try
            {
                routes = await OwnerOf(room).GetNodesAsync([room]).AsTask()
                    .WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // No answer is no lie.
                return;
            }

            if (!routes.IsComplete) _incomplete[room] = 1;
            else Assert.True(
                nodes.All(node => routes.Nodes[0].Contains(node)),
                $"{room}: {string.Join(' ', routes.Nodes[0])} is not {string.Join(' ', nodes)}.");
        }
    }

    private static async Task AskForSizesAsync(
        AdapterScene scene, Dictionary<string, List<NodeIdentity>> expected, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(expected.Select(async each =>
            {
                try
                {
                    Assert.Equal(each.Value.Count, await scene[2].Adapter.RoomSizeAsync(each.Key, cancellationToken));
                }
                catch (Exception exception) when (exception is ClusterUnavailableException or OperationCanceledException)
                {
                    // Says that it does not know.
                }
            }));
        }
    }

    private IRoomShardGrain OwnerOf(string room, string ns = "/lost") => _nodes[0].OwnerOf(ns, room);
}
