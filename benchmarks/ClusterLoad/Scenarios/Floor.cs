using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>
/// What .NET servers cannot do without for these loads, and what each layer of ours adds: relays without HTTP, Orleans, an adapter or any
/// promise beside servers without a cluster and the nodes of one.
/// </summary>
internal sealed class Floor : Scenario
{
    private const int Few = 3;
    private const int Many = 8;

    private static readonly AudienceShape SameNode = new NeighbourShape(Few, Nearest: 0, Farthest: 0);
    private static readonly AudienceShape NextNode = new NeighbourShape(Few, Nearest: 1, Farthest: 1);

    public override string Name => "floor";

    public override string Summary =>
        "what bare relays, which do the least that .NET servers can, and each layer of ours cost for a message";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options) =>
    [
        .. await CompareAsync(
            "rooms of two on the same node", options, [],
            ("bare relays", Contender.Bare(Few, SameNode, SmallRooms.Rate)),
            ("no cluster", Contender.Alone(Few, SameNode, SmallRooms.Rate)),
            ("a cluster", Contender.Cohosted(Few, SameNode, SmallRooms.Rate))),
        .. await CompareAsync(
            "rooms of two on the next node", options, [],
            ("bare relays", Contender.Bare(Few, NextNode, SmallRooms.Rate)),
            ("a cluster", Contender.Cohosted(Few, NextNode, SmallRooms.Rate))),
        .. await CompareWithPeerAsync("fan-out on 3", Few, AudienceShape.OneRoom, FanOut.Rate, options),
        .. await CompareWithPeerAsync("small rooms on 3", Few, AudienceShape.SmallRooms, SmallRooms.Rate, options),
        .. await CompareWithPeerAsync("small rooms on 8", Many, AudienceShape.SmallRooms, SmallRooms.Rate, options),
    ];

    private Task<IEnumerable<Comparison>> CompareWithPeerAsync(
        string load, int nodes, AudienceShape shape, double rate, LoadOptions options) =>
        CompareAsync(
            load, options, [Contender.Peer(nodes, shape, rate)],
            ("bare relays", Contender.Bare(nodes, shape, rate)),
            ("a cluster", Contender.Cohosted(nodes, shape, rate)));

    private async Task<IEnumerable<Comparison>> CompareAsync(
        string load, LoadOptions options, Contender[] peers, params (string Name, Contender Contender)[] ours)
    {
        var results = await MeasureLoadsAsync(options, [.. ours.Select(entry => entry.Contender)], peers);
        var peer = results.ElementAtOrDefault(ours.Length);
        return ours.Zip(results).SelectMany(pair => Figures($"{load}, {pair.First.Name}", pair.Second, peer));
    }

    private IEnumerable<Comparison> Figures(string name, LoadResult result, LoadResult? peer) =>
    [
        Figure($"{name}: CPU per message, us", result.CpuMicrosPerMessage(), peer?.CpuMicrosPerMessage()),
        Figure($"{name}: p50, ms", result.P50, peer?.P50),
        Figure($"{name}: p99, ms", result.P99, peer?.P99),
        Figure($"{name}: deliveries missing", result.Deliveries.Missing, peer?.Deliveries.Missing, Goal.AtMostOf(0)),
    ];
}
