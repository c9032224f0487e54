using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;

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
        Contender[] ours =
        [
            Contender.Cohosted(Few, AudienceShape.SmallRooms, SmallRooms.Rate),
            Contender.Cohosted(Many, AudienceShape.SmallRooms, SmallRooms.Rate),
        ];
        Contender[] peers =
        [
            Contender.Peer(Few, AudienceShape.SmallRooms, SmallRooms.Rate),
            Contender.Peer(Many, AudienceShape.SmallRooms, SmallRooms.Rate),
        ];
        var results = await MeasureLoadsAsync(options, ours, peers, withIdle: true);
        var costs = results.Select(result => result.CpuMicrosPerMessageBeyondIdle()).ToArray();
        return
        [
            Figure($"CPU per message on {Few} nodes without idle cost, us", costs[0], options.WithPeer ? costs[2] : null),
            Figure($"CPU per message on {Many} nodes without idle cost, us", costs[1], options.WithPeer ? costs[3] : null),
            Figure("the second, times the first", costs[1] / costs[0], options.WithPeer ? costs[3] / costs[2] : null, Goal.AtMostOf(1.2)),
        ];
    }
}
