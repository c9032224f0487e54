using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>Nodes that are clients of one silo, as compared with nodes that are silos themselves.</summary>
internal sealed class FrontEnds : Scenario
{
    public override string Name => "front-ends";

    public override string Summary => "both loads on 3 front-ends of one silo, as compared with 3 co-hosted nodes";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options) =>
    [
        .. await CompareAsync("fan-out", AudienceShape.OneRoom, FanOut.Rate, options),
        .. await CompareAsync("small rooms", AudienceShape.SmallRooms, SmallRooms.Rate, options),
    ];

    private async Task<IEnumerable<Comparison>> CompareAsync(string load, AudienceShape shape, double rate, LoadOptions options)
    {
        Contender[] ours = [Contender.Cohosted(FanOut.Nodes, shape, rate), Contender.Frontends(FanOut.Nodes, shape, rate)];
        var results = await MeasureLoadsAsync(options, ours, [Contender.Peer(FanOut.Nodes, shape, rate)]);
        var (cohosted, frontends, peer) = (results[0], results[1], results.ElementAtOrDefault(2));
        return
        [
            Figure($"{load}: CPU, times that of co-hosted", frontends.CpuSeconds / cohosted.CpuSeconds, null, Goal.AtMostOf(1.5)),
            Figure($"{load}: CPU per delivery, us", frontends.CpuMicrosPerDelivery(), peer?.CpuMicrosPerDelivery()),
            Figure($"{load}: p50, ms", frontends.P50, peer?.P50),
            Figure($"{load}: p99, ms", frontends.P99, peer?.P99),
            Figure($"{load}: deliveries missing", frontends.Deliveries.Missing, peer?.Deliveries.Missing, Goal.AtMostOf(0)),
        ];
    }
}
