using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>240 rooms of two whose members are on different nodes.</summary>
internal sealed class SmallRooms(int nodes, double atMost) : Scenario
{
    public const double Rate = 1000;

    public override string Name => $"small-rooms-{nodes}";

    public override string Summary => $"{nodes} nodes, 240 rooms of 2, 1,000 messages a second";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var (ours, peer) = await MeasureBothAsync(nodes, AudienceShape.SmallRooms, Rate, options);
        return
        [
            Figure("CPU per message, us", ours.CpuMicrosPerMessage(), peer?.CpuMicrosPerMessage(), Goal.RatioAtMost(atMost)),
            .. DeliveryFigures(ours, peer),
        ];
    }
}
