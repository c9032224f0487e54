using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>The least that .NET servers can cost for these loads, beside what ours do: relays without HTTP, Orleans, an adapter or any promise.</summary>
internal sealed class Floor : Scenario
{
    public override string Name => "floor";

    public override string Summary => "the loads on bare relays, which do the least that .NET servers can, as compared with ours";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options) =>
    [
        .. await CompareAsync("fan-out on 3", 3, AudienceShape.OneRoom, FanOut.Rate, options),
        .. await CompareAsync("small rooms on 3", 3, AudienceShape.SmallRooms, SmallRooms.Rate, options),
        .. await CompareAsync("small rooms on 8", 8, AudienceShape.SmallRooms, SmallRooms.Rate, options),
    ];

    private async Task<IEnumerable<Comparison>> CompareAsync(string load, int nodes, AudienceShape shape, double rate, LoadOptions options)
    {
        Contender[] ours = [Contender.Cohosted(nodes, shape, rate), Contender.Bare(nodes, shape, rate)];
        var results = await MeasureLoadsAsync(options, ours, [Contender.Peer(nodes, shape, rate)]);
        var (cohosted, bare, peer) = (results[0], results[1], results.ElementAtOrDefault(2));
        return
        [
            .. Figures($"{load}, bare relays", bare),
            .. Figures($"{load}, ours", cohosted),
        ];

        Comparison[] Figures(string who, LoadResult result) =>
        [
            Figure($"{who}: CPU per delivery, us", result.CpuMicrosPerDelivery(), peer?.CpuMicrosPerDelivery()),
            Figure($"{who}: p50, ms", result.P50, peer?.P50),
            Figure($"{who}: p99, ms", result.P99, peer?.P99),
            Figure($"{who}: deliveries missing", result.Deliveries.Missing, peer?.Deliveries.Missing, Goal.AtMostOf(0)),
        ];
    }
}
