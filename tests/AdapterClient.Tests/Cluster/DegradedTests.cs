using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G7: without the cluster a node goes on serving its own sockets, and catches up when the cluster is back.</summary>
public sealed class DegradedTests : IAsyncLifetime
{
    private TestSilos _silos = null!;
    private HostedNode _node = null!;
    private HostedNode _other = null!;

    public async Task InitializeAsync()
    {
        _silos = await TestSilos.StartAsync(1, nodeTimeout: TimeSpan.FromSeconds(4), silosDie: true);
        _node = (HostedNode)await _silos.StartClientNodeAsync(Impatient);
        _other = (HostedNode)await _silos.StartClientNodeAsync(Impatient);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _other.DisposeAsync();
        await _silos.DisposeAsync();
    }

    [Fact]
    [Trait("Behaviour", "95")]
    public async Task G7_ClusterAway_LocalSocketsAreServedAndTheRestCatchesUp()
    {
        await using var scene = await AdapterScene.OpenAsync("/degraded", [_node, _other]);
        var near = await scene[0].ConnectAsync("r");
        var far = await scene[1].ConnectAsync("r");
        await _silos.StopSiloAsync();

        // Whether it is known yet that the cluster is away or not: nothing throws, and nobody waits for long.
        var late = await scene[0].ConnectAsync("r", "late").WaitAsync(AdapterScene.Patience);
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["one"]"""), BroadcastOptions.All.To("r"));
        await scene[0].Adapter.SocketsJoinAsync(BroadcastOptions.All.To("r"), ["s"]).AsTask().WaitAsync(AdapterScene.Patience);
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["two"]"""), BroadcastOptions.All.To("s"));
        await scene[0].Adapter.ServerSideEmitAsync(Packets.Event("""["e"]"""));
        Assert.Equal(["""42["one"]""", """42["two"]"""], scene.EventsOf(near));
        Assert.Equal(["""42["one"]""", """42["two"]"""], scene.EventsOf(late));
        Assert.Empty(scene.EventsOf(far));

        // A question has no true answer now.
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => scene[0].Adapter.RoomSizeAsync("r").AsTask());
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => scene[0].Adapter.ServerCountAsync().AsTask());
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => scene[0].Adapter.FetchSocketsAsync(BroadcastOptions.All).AsTask());
        await AdapterScene.UntilAsync(() => new(_node.Node.State == ClusterState.Degraded));
        Assert.NotNull(_node.Node.LastFailure);
        Assert.Equal(HealthStatus.Degraded, await HealthAsync());

        await _silos.StartSiloAgainAsync();
        await far.WaitForLogAsync(log => log.Length >= 2, "what was sent meanwhile");
        Assert.Equal(["""42["one"]""", """42["two"]"""], scene.EventsOf(far));
        await _silos.WhenSettledAsync();
        await scene[1].Adapter.BroadcastAsync(Packets.Event("""["three"]"""), BroadcastOptions.All.To("late"));
        await late.WaitForLogAsync(log => log.Length == 3, "an event from the other node");
        Assert.Equal(3, await AdapterScene.AnsweredAsync(() => scene[1].Adapter.RoomSizeAsync("r")));
        // A call that took longer than it may has nodes this impatient take the cluster for absent, until the next one.
        await AdapterScene.UntilAsync(() => new(_node.Node.State == ClusterState.Connected));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());

        async Task<HealthStatus> HealthAsync()
        {
            var report = await _node.Services.GetRequiredService<HealthCheckService>()
                .CheckHealthAsync(check => check.Tags.Contains("ready"));
            Assert.Equal(_node.Node.NodeId, Assert.Single(report.Entries).Value.Data["node"]);
            return report.Status;
        }
    }

    [Fact]
    public async Task Node_ThatStopsWhileTheClusterIsAway_WaitsNoLongerThanItMay()
    {
        await using var scene = await AdapterScene.OpenAsync("/stopping", [_node]);
        await scene[0].ConnectAsync("r");
        await _silos.StopSiloAsync();
        await scene[0].Adapter.BroadcastAsync(Packets.Event("""["waits"]"""), BroadcastOptions.All.To("r"));

        await _node.StopAsync().WaitAsync(AdapterScene.Patience);
    }

    private static void Impatient(OrleansAdapterOptions options)
    {
        options.CallTimeout = TimeSpan.FromMilliseconds(500);
        options.JoinTimeout = TimeSpan.FromSeconds(1);
        options.RequestTimeout = TimeSpan.FromSeconds(1);
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
    }
}
