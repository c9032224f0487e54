using System.Text;
using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>
/// What everybody else notices of one client that sends 1 KB events, as fast as they are read, to a room on another node.
/// </summary>
internal sealed class Flood : Scenario
{
    private const int Nodes = 2;
    private const double Rate = 200;
    private const string Room = "flood";

    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private static readonly byte[] Event = Encoding.UTF8.GetBytes($"42[\"pub\",\"{Room}\",0,\"{new string('x', 1000)}\"]");

    public override string Name => "flood";

    public override string Summary => "2 nodes, 200 messages a second in rooms of 2 beside a client that sends 1 KB events without end";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var peer = options.WithPeer
            ? await MeasureAsync(async () => await RedisGroup.StartAsync(Nodes), AudienceShape.SmallRooms, Measure)
            : null;
        var ours = await MeasureAsync(async () => await RoomsGroup.StartCohostedAsync(Nodes), AudienceShape.SmallRooms, Measure);
        return
        [
            Figure("flood, MB/s", ours.FloodMegabytesPerSecond, peer?.FloodMegabytesPerSecond),
            Figure("p50 of the others, ms", ours.Others.P50, peer?.Others.P50),
            Figure("p99 of the others, ms", ours.Others.P99, peer?.Others.P99, Goal.AtMostOf(200)),
            Figure("deliveries to the others missing", ours.Others.Deliveries.Missing, peer?.Others.Deliveries.Missing, Goal.AtMostOf(0)),
            Figure("connections of the others lost", ours.Others.LostConnections, peer?.Others.LostConnections, Goal.AtMostOf(0)),
            Figure("memory before, MB", ours.MegabytesBefore, peer?.MegabytesBefore),
            Figure("memory a minute after, times that", ours.MegabytesAfter / ours.MegabytesBefore, peer?.MegabytesAfter / peer?.MegabytesBefore, Goal.AtMostOf(1.2)),
        ];

        Task<Outcome> Measure(ServerGroup servers, Audience audience) => MeasureAsync(servers, audience, options);
    }

    private static async Task<Outcome> MeasureAsync(ServerGroup servers, Audience audience, LoadOptions options)
    {
        using var sink = await WireClient.ConnectAsync(servers.Nodes[1], static _ => { });
        await sink.RequestAsync(ProbeMessages.Join(Room));
        using var flooder = await WireClient.ConnectAsync(servers.Nodes[0], static _ => { });
        var load = new Load(servers, audience);
        await load.WarmUpAsync(Rate, options.WarmUp);

        var before = servers.ResidentMegabytes();
        var clock = TimeProvider.System;
        using var enough = new CancellationTokenSource();
        var start = clock.GetTimestamp();
        var flooding = Task.Factory.StartNew(
            () => flooder.Flood(Event, enough.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var others = await load.RunAsync(Rate, options.Duration);
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        await enough.CancelAsync();
        // Its last event may wait for a server that does not read.
        flooder.Dispose();
        var megabytesPerSecond = await flooding * Event.Length / 1e6 / seconds;
        await load.RunAsync(Rate, Settling);
        return new Outcome(others, megabytesPerSecond, before, servers.ResidentMegabytes());
    }

    private sealed record Outcome(LoadResult Others, double FloodMegabytesPerSecond, double MegabytesBefore, double MegabytesAfter);
}
