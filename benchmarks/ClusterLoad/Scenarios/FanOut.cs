using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>One publisher, one room, its 60 members on 3 nodes.</summary>
internal sealed class FanOut : Scenario
{
    public const int Nodes = 3;
    public const double Rate = 200;

    public override string Name => "fan-out";

    public override string Summary => "3 nodes, 1 room of 60, 200 messages a second";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var (ours, peer) = await MeasureBothAsync(Nodes, AudienceShape.OneRoom, Rate, options);
        return
        [
            Figure("CPU per delivery, us", ours.CpuMicrosPerDelivery(), peer?.CpuMicrosPerDelivery(), Goal.RatioAtMost(0.5)),
            .. DeliveryFigures(ours, peer),
        ];
    }
}
