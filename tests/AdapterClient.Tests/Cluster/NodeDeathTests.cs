using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using Orleans.Core.Internal;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.TestKit;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G5 and what a node does that was taken for dead, or whose rooms were lost.</summary>
public sealed class NodeDeathTests(MortalClients cluster) : IClassFixture<MortalClients>, IAsyncLifetime
{
    private AdapterScene _scene = null!;
    private HostedNode _node = null!;
    private TestNamespace _there = null!;

    public async Task InitializeAsync()
    {
        _scene = await AdapterScene.OpenAsync($"/death-{Guid.NewGuid():N}", cluster.Nodes);
        _node = (HostedNode)await cluster.Silos.StartClientNodeAsync(options => options.VerifyInterval = TimeSpan.FromMilliseconds(200));
        _there = await _scene.AddAsync(_node);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task G5_KilledNode_IsGoneWithinTheTimeoutAndNobodyWaitsForIt()
    {
        var near = await _scene[1].ConnectAsync("r");
        var gone = await _there.ConnectAsync("r");
        using var rooms = new RoomRecorder(_scene[1].Adapter);
        await rooms.StartedAsync();
        await gone.JoinAsync("own");
        near.Answer = _ => Packets.Ack("[1]");
        var sizes = new List<RoomSize>();
        using var watch = _scene[1].Adapter.WatchRoomSizes(size => { lock (sizes) sizes.Add(size); });
        for (var i = 0; i < 3; i++) _scene[i].ServerSideHandler = (_, respond) => respond?.Invoke(Packets.Ack("[1]"));
        Assert.Equal(2, await _scene[0].Adapter.RoomSizeAsync("r"));

        using var stalls = new Stalls();
        var start = TimeProvider.System.GetTimestamp();
        var dead = _node.Node.CurrentRun!.Identity;
        await _node.KillAsync();
        var room = BroadcastOptions.All.To("r") with { Timeout = Timeout.InfiniteTimeSpan };
        var fetched = _scene[0].Adapter.FetchSocketsAsync(room).AsTask();
        var asked = _scene[0].Adapter.BroadcastWithAckAsync(Packets.Event("""["e"]"""), room, _ => { }).AsTask();
        var emitted = _scene[0].Adapter.ServerSideEmitWithAckAsync(Packets.Event("""["e"]"""), Timeout.InfiniteTimeSpan).AsTask();
        var requests = Task.WhenAll(fetched, asked, emitted);
        var asker = ((HostedNode)cluster.Nodes[0]).Node;
        await AdapterScene.UntilAsync(() => new(asker.Living.IsDeparted(dead)));
        await requests.WaitAsync(AdapterScene.Patience);
        await AdapterScene.UntilAsync(async () => await _scene[0].Adapter.RoomSizeAsync("r") == 1);
        var elapsed = TimeProvider.System.GetElapsedTime(start);

        Assert.Equal(near.Id, Assert.Single((await fetched).Sockets).Id);
        Assert.Empty((await fetched).MissingNodes);
        Assert.Equal((1, 1), ((await asked).Expected, (await asked).Received));
        Assert.Equal(2, (await emitted).Responses.Length);
        Assert.Empty((await emitted).MissingNodes);
        Assert.Equal(0, await _scene[0].Adapter.RoomSizeAsync(gone.Id));
        Assert.Equal(3, await _scene[0].Adapter.ServerCountAsync());
        Assert.Equal(1, await _scene[0].Adapter.SocketCountAsync());
        // Timers of silos and nodes are late one after the other on a machine that is busy with something else.
        Assert.True(
            elapsed < new RoomsGrainOptions().NodeTimeout + (2 * stalls.Total),
            $"It took {elapsed}, of which the machine stood still for {stalls.Total}.");
        await AdapterScene.UntilAsync(() =>
        {
            lock (sizes) return new(sizes.LastOrDefault() == new RoomSize("r", 1));
        });
        await rooms.SaysAsync("own", "created,deleted");
        await rooms.SaysAsync("r", "");
        _scene.Remove(_there);
    }

    [Fact]
    public async Task G5_KilledNodeThatKnewARoomsRoutes_HoldsUpTheFirstJoinOfAnotherNoLongerThanItTakesToBeDeclaredDead()
    {
        var patient = (HostedNode)await cluster.Silos.StartClientNodeAsync(options => options.JoinTimeout = AdapterScene.Patience);
        var scene = await _scene.AddAsync(patient);
        await _scene[0].ConnectAsync("r");
        var meters = _node.Services.GetRequiredService<IMeterFactory>();
        using (var cached = new MetricCollector<long>(meters, "OrleansRooms.Messaging", "orleansrooms.messaging.routes.cached"))
        {
            await AdapterScene.UntilAsync(async () =>
            {
                await _there.Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r"));
                await _node.Node.WhenSentAsync();
                return cached.GetMeasurementSnapshot().Count > 0;
            });
        }

        var dead = _node.Node.CurrentRun!.Identity;
        await _node.KillAsync();
        var socket = await scene.ConnectAsync();
        await socket.JoinAsync("r").AsTask().WaitAsync(AdapterScene.Patience);
        Assert.True(patient.Node.Living.IsDeparted(dead));
        await _scene[1].Adapter.BroadcastAsync(Packets.Event("""["after"]"""), BroadcastOptions.All.To("r"));
        await socket.WaitForLogAsync(log => log.Contains($"42{_scene.Name},[\"after\"]"), "an event after the join");
        _scene.Remove(_there);
        _scene.Remove(scene);
        await scene.DisposeAsync();
        await patient.DisposeAsync();
    }

    [Fact]
    public async Task HeartbeatThatIsNeverAnswered_HoldsUpNoOther()
    {
        // As when it went through a silo that was killed: nobody says that it is lost.
        using var heartbeats = new LostHeartbeat();
        await using var node = await cluster.Silos.StartClientNodeAsync(
            options =>
            {
                options.HeartbeatInterval = TimeSpan.FromMilliseconds(50);
                options.CallTimeout = AdapterScene.Patience * 2;
            },
            calls: heartbeats);
        await heartbeats.NextAnswer.WaitAsync(AdapterScene.Patience);
    }

    [Fact]
    public async Task NodeWhoseWayToTheDirectoryIsSilent_SendsItsHeartbeatsByOthers()
    {
        using var heartbeats = new LostHeartbeat(isLast: true);
        await using var node = (HostedNode)await cluster.Silos.StartClientNodeAsync(
            options => options.HeartbeatInterval = TimeSpan.FromMilliseconds(50), calls: heartbeats);
        await heartbeats.NextAnswer.WaitAsync(AdapterScene.Patience);
        var run = node.Node.CurrentRun;
        var others = ((HostedNode)cluster.Nodes[0]).Node;
        await AdapterScene.UntilAsync(() => new(heartbeats.Lost > 3 && others.Living.IsLiving(run!.Identity)));
        Assert.Equal(HeartbeatStatus.Renewed, heartbeats.Status);
    }

    [Fact]
    public async Task NodeFrozenPastItsLease_FindsItselfFencedAndIsBackUnderANewEpochWithAllItHolds()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var frozen = (HostedNode)await cluster.Silos.StartClientNodeAsync(time: time);
        var there = await _scene.AddAsync(frozen);
        var far = await there.ConnectAsync("r", "s");
        var near = await _scene[0].ConnectAsync("r");
        var former = frozen.Node.CurrentRun!.Identity;
        Assert.Equal(2, await _scene[0].Adapter.RoomSizeAsync("r"));

        // Its clock stands still, so it sends no heartbeat; to the others it is dead.
        var others = ((HostedNode)cluster.Nodes[0]).Node;
        await AdapterScene.UntilAsync(() => new(others.Living.IsDeparted(former)));
        await AdapterScene.UntilAsync(async () => await _scene[0].Adapter.RoomSizeAsync("r") == 1);
        Assert.Equal(0, await _scene[0].Adapter.RoomSizeAsync(far.Id));
        Assert.Equal(4, await _scene[0].Adapter.ServerCountAsync());

        // It goes on where it was, long after. Nobody tells it but the answer to its own heartbeat.
        time.Advance(TimeSpan.FromMinutes(1));
        await AdapterScene.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return new(frozen.Node.CurrentRun is { } run && run.Identity != former);
        });
        var run = frozen.Node.CurrentRun!.Identity;
        Assert.Equal((former.Id, true), (run.Id, run.Epoch > former.Epoch));
        await AdapterScene.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return await _scene[0].Adapter.RoomSizeAsync("r") == 2 && await _scene[0].Adapter.RoomSizeAsync(far.Id) == 1;
        });
        await AdapterScene.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return await _scene[0].Adapter.ServerCountAsync() == 5;
        });
        await _scene[0].Adapter.BroadcastAsync(Packets.Event("""["to"]"""), BroadcastOptions.All.To("s"));
        await far.WaitForLogAsync(log => log.Contains($"42{_scene.Name},[\"to\"]"), "an event after the new registration");
        await there.Adapter.BroadcastAsync(Packets.Event("""["from"]"""), BroadcastOptions.All.To("r"));
        await near.WaitForLogAsync(log => log.Contains($"42{_scene.Name},[\"from\"]"), "an event of the node that was frozen");
        _scene.Remove(there);
        await frozen.KillAsync();
    }

    [Fact]
    public async Task NodeTakenForDead_RegistersAgainAndAnnouncesEverything()
    {
        var far = await _there.ConnectAsync("r", "s");
        var former = _node.Node.CurrentRun!.Identity;
        await _node.Node.Directory.LeaveAsync(former);
        await AdapterScene.UntilAsync(() => new(_node.Node.CurrentRun is { } run && run.Identity != former));

        Assert.True(_node.Node.CurrentRun!.Identity.Epoch > former.Epoch);
        await AdapterScene.UntilAsync(
            async () => await _scene[0].Adapter.RoomSizeAsync("r") == 1 && await _scene[0].Adapter.RoomSizeAsync(far.Id) == 1);
        await AdapterScene.UntilAsync(async () => await _scene[0].Adapter.SocketCountAsync() == 1);
        await _scene[0].Adapter.BroadcastAsync(Packets.Event("""["again"]"""), BroadcastOptions.All.To("s"));
        await far.WaitForLogAsync(log => log.Contains($"42{_scene.Name},[\"again\"]"), "an event after the new registration");
        await _there.Adapter.BroadcastAsync(Packets.Event("""["back"]"""), BroadcastOptions.All);
        Assert.Equal(ClusterState.Connected, _node.Node.State);
    }

    [Fact]
    public async Task RoomsWhoseOwnersLostThem_AreAnnouncedAgain()
    {
        var far = await _there.ConnectAsync("r");
        await _there.ConnectAsync("r");
        await ForgetAsync(_node.OwnerOf(_scene.Name, "r"));
        await ForgetAsync(_node.OwnerOf(_scene.Name, far.Id));

        await AdapterScene.UntilAsync(
            async () => await _scene[0].Adapter.RoomSizeAsync("r") == 2 && await _scene[0].Adapter.RoomSizeAsync(far.Id) == 1);
    }

    [Fact]
    public async Task NamespaceWhoseGrainLostIt_IsAnnouncedAgain()
    {
        var far = await _there.ConnectAsync();
        var grain = _node.Node.Grains.GetGrain<INamespaceGrain>(
            new NamespaceKey("default", _scene.Name).ToGrainKey());
        await ForgetAsync(grain);
        await AdapterScene.UntilAsync(
            async () => (await grain.GetNodesAsync(default)).Any(node => node.Node.Id == _node.Node.NodeId && node.Sockets == 1));
        await _scene[0].Adapter.BroadcastAsync(Packets.Event("""["again"]"""), BroadcastOptions.All);
        await far.WaitForLogAsync(log => log.Length == 1, "the event");
    }

    // As if its silo had died: the grain is gone with what it knew.
    private static async Task ForgetAsync(IAddressable grain) => await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();

    /// <summary>Lets the second heartbeat of a node to the directory go nowhere, or all from there on.</summary>
    private sealed class LostHeartbeat(bool isLast = false) : IOutgoingGrainCallFilter, IDisposable
    {
        private readonly TaskCompletionSource _end = new();
        private readonly TaskCompletionSource _nextAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _heartbeats;
        private int _lost;

        /// <summary>Completes when one that was sent after it is answered.</summary>
        public Task NextAnswer => _nextAnswer.Task;

        public int Lost => Volatile.Read(ref _lost);

        /// <summary>What the last answer said.</summary>
        public HeartbeatStatus? Status { get; private set; }

        public void Dispose() => _end.SetResult();

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.MethodName != nameof(INodeDirectoryGrain.HeartbeatAsync))
            {
                await context.Invoke();
                return;
            }

            var number = context.InterfaceName.Contains("RelayService", StringComparison.Ordinal)
                ? int.MaxValue
                : Interlocked.Increment(ref _heartbeats);
            if (number == 2 || (isLast && number is > 2 and < int.MaxValue))
            {
                Interlocked.Increment(ref _lost);
                await _end.Task;
                return;
            }

            await context.Invoke();
            if (number > 2)
            {
                Status = ((HeartbeatReply)context.Result!).Status;
                _nextAnswer.TrySetResult();
            }
        }
    }
}
