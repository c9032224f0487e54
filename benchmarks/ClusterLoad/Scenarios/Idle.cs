using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>What servers cost while their clients are silent.</summary>
internal sealed class Idle : Scenario
{
    private const int Nodes = 3;

    public override string Name => "idle";

    public override string Summary => "3 nodes with 240 silent clients in 240 rooms";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var peer = options.WithPeer ? await MeasureIdleAsync(async () => await RedisGroup.StartAsync(Nodes), options) : null as double?;
        var ours = await MeasureIdleAsync(async () => await RoomsGroup.StartCohostedAsync(Nodes), options);
        return [Figure("idle, % of a core per node", 100 * ours / Nodes, 100 * peer / Nodes)];
    }

    private Task<double> MeasureIdleAsync(Func<Task<ServerGroup>> start, LoadOptions options) =>
        MeasureAsync(start, AudienceShape.SmallRooms, async (servers, audience) =>
        {
            await new Load(servers, audience).WarmUpAsync(SmallRooms.Rate, options.WarmUp);
            return await CoresAsync(servers, options.Duration);
        });

    /// <summary>How many cores the servers use over a time.</summary>
    public static async Task<double> CoresAsync(ServerGroup servers, TimeSpan duration)
    {
        var clock = TimeProvider.System;
        var (start, cpu) = (clock.GetTimestamp(), servers.CpuSeconds());
        await Task.Delay(duration, clock);
        return (servers.CpuSeconds() - cpu) / clock.GetElapsedTime(start).TotalSeconds;
    }
}
