using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>Silos die or are restarted while messages flow. What counts is what survivors get of survivors.</summary>
internal abstract class Disruption : Scenario
{
    protected const int Nodes = 3;

    private const int Silos = 3;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var result = await MeasureAsync(async () => await StartAsync(), AudienceShape.SmallRooms, async (servers, audience) =>
        {
            var load = new Load(servers, audience);
            await load.WarmUpAsync(SmallRooms.Rate, options.WarmUp);
            using var stop = new CancellationTokenSource();
            var sending = load.RunAsync(SmallRooms.Rate, TimeSpan.FromMinutes(5), Patience, stop.Token);
            await Task.Delay(Before, TimeProvider.System);
            await DisruptAsync((RoomsGroup)servers, audience);
            await Task.Delay(After, TimeProvider.System);
            await stop.CancelAsync();
            var latencies = await sending;
            return new Outcome(audience.Count(), audience.LostConnections, latencies.P99, latencies.Longest);
        });
        return
        [
            Figure("lost between survivors", result.Deliveries.Missing, null, Goal.AtMostOf(0)),
            Figure("doubled", result.Deliveries.Doubled, null, Goal.AtMostOf(0)),
            Figure("reordered", result.Deliveries.Reordered, null, Goal.AtMostOf(0)),
            Figure("connections of survivors lost", result.LostConnections, null, Goal.AtMostOf(0)),
            Figure("p99, ms, the disruption included", result.P99, null),
            // Messages are sent all the time, so this is how long the disruption was felt.
            Figure("longest, ms: until all was delivered again", result.Longest, null),
        ];
    }

    /// <summary>Starts front-ends of some silos, unless it is told otherwise.</summary>
    protected virtual async Task<ServerGroup> StartAsync() => await RoomsGroup.StartFrontendsOfAsync(Silos, Nodes);

    protected abstract Task DisruptAsync(RoomsGroup servers, Audience audience);

    private sealed record Outcome(DeliveryCount Deliveries, int LostConnections, double P99, double Longest);
}

/// <summary>A co-hosted node, and so a silo, is killed.</summary>
internal sealed class NodeKill : Disruption
{
    public override string Name => "node-kill";

    public override string Summary => "3 co-hosted nodes, 1,000 messages a second, and one that is not the primary is killed";

    protected override async Task<ServerGroup> StartAsync() => await RoomsGroup.StartCohostedAsync(Nodes);

    protected override Task DisruptAsync(RoomsGroup servers, Audience audience)
    {
        audience.GiveUpNode(Nodes - 1, Nodes);
        servers.KillNode(Nodes - 1);
        return Task.CompletedTask;
    }
}

/// <summary>One of the silos of some front-ends is killed.</summary>
internal sealed class SiloKill : Disruption
{
    public override string Name => "silo-kill";

    public override string Summary => "3 front-ends of 3 silos, 1,000 messages a second, and a silo is killed";

    protected override Task DisruptAsync(RoomsGroup servers, Audience audience) => servers.EndSiloAsync(1, ProcessSignal.Kill);
}

/// <summary>
/// One of the silos of some front-ends falls silent, as when its machine loses its power: its connections stay open, and nobody answers.
/// </summary>
internal sealed class SiloSilent : Disruption
{
    public override string Name => "silo-silent";

    public override string Summary => "3 front-ends of 3 silos, 1,000 messages a second, and a silo is stopped so that it answers nobody";

    protected override Task DisruptAsync(RoomsGroup servers, Audience audience)
    {
        servers.SilenceSilo(1);
        return Task.CompletedTask;
    }
}

/// <summary>All silos of some front-ends are restarted one after the other.</summary>
internal sealed class RollingRestart : Disruption
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    public override string Name => "rolling-restart";

    public override string Summary => "3 front-ends of 3 silos, 1,000 messages a second, and all silos are restarted in turn";

    protected override async Task DisruptAsync(RoomsGroup servers, Audience audience)
    {
        for (var silo = 0; silo < servers.Silos; silo++)
        {
            await servers.EndSiloAsync(silo, ProcessSignal.Terminate);
            await servers.RestartSiloAsync(silo);
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
