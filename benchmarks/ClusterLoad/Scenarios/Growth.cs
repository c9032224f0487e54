using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>How much dearer a message becomes when there are more nodes, apart from what they cost when idle.</summary>
internal sealed class Growth : Scenario
{
    private const int Few = 3;
    private const int Many = 8;

    public override string Name => "growth";

    public override string Summary => "small rooms on 8 nodes as compared with 3, idle cost subtracted";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var peer = options.WithPeer
            ? await CostAsync(async () => await RedisGroup.StartAsync(Many), options) / await CostAsync(async () => await RedisGroup.StartAsync(Few), options)
            : null as double?;
        var (few, many) = (
            await CostAsync(async () => await RoomsGroup.StartCohostedAsync(Few), options),
            await CostAsync(async () => await RoomsGroup.StartCohostedAsync(Many), options));
        return [Figure($"CPU per message at {Many} nodes, times that at {Few}", many / few, peer, Goal.AtMostOf(1.2))];
    }

    private Task<double> CostAsync(Func<Task<ServerGroup>> start, LoadOptions options) =>
        MeasureAsync(start, AudienceShape.SmallRooms, async (servers, audience) =>
        {
            var load = new Load(servers, audience);
            await load.WarmUpAsync(SmallRooms.Rate, options.WarmUp);
            var idle = await Idle.CoresAsync(servers, options.Duration);
            return (await load.RunAsync(SmallRooms.Rate, options.Duration)).CpuMicrosPerMessage(idle);
        });
}
