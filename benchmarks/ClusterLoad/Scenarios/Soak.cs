using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>A moderate load for long, with clients that come, join and go.</summary>
internal sealed class Soak : Scenario
{
    private const int Nodes = 3;
    private const double Rate = 300;

    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan VisitEvery = TimeSpan.FromMilliseconds(100);

    public override string Name => "soak";

    public override string Summary => "3 nodes, 300 messages a second in small rooms, 10 visitors a second; give --seconds 1200";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        Func<Task<ServerGroup>> start = async () => await RoomsGroup.StartCohostedAsync(Nodes);
        var result = await MeasureAsync(start, AudienceShape.SmallRooms, async (servers, audience) =>
        {
            var load = new Load(servers, audience);
            await load.WarmUpAsync(Rate, options.WarmUp);
            using var stop = new CancellationTokenSource();
            var complaintsAtStart = servers.Processes.Sum(process => process.Complaints().Count());
            var visits = VisitAsync(servers, stop.Token);
            var memory = WatchMemoryAsync(servers, stop.Token);
            var sent = await load.RunAsync(Rate, options.Duration);
            await stop.CancelAsync();
            var failed = await visits;
            var samples = await memory;
            return new Outcome(
                sent,
                audience.Count(),
                failed,
                servers.Processes.Sum(process => process.Complaints().Count()) - complaintsAtStart,
                Mean(samples.Skip(samples.Count / 4).Take(samples.Count / 4)),
                Mean(samples.TakeLast(samples.Count / 4)));
        });
        return
        [
            Figure("deliveries missing", result.Deliveries.Missing, null, Goal.AtMostOf(0)),
            Figure("doubled or reordered", result.Deliveries.Doubled + result.Deliveries.Reordered, null, Goal.AtMostOf(0)),
            Figure("visits that failed", result.FailedVisits, null, Goal.AtMostOf(0)),
            Figure("warnings and errors logged", result.Complaints, null, Goal.AtMostOf(0)),
            Figure("memory in the second quarter, MB", result.EarlyMegabytes, null),
            Figure("memory in the last quarter, times that", result.LateMegabytes / result.EarlyMegabytes, null, Goal.AtMostOf(1.1)),
            Figure("p99, ms", result.Load.P99, null),
        ];
    }

    /// <summary>Clients that connect, join a room that nobody had before, leave it and go.</summary>
    private static async Task<int> VisitAsync(ServerGroup servers, CancellationToken stop)
    {
        var failed = 0;
        for (var visit = 0; !stop.IsCancellationRequested; visit++)
        {
            try
            {
                using var client = await WireClient.ConnectAsync(servers.Nodes[visit % servers.Nodes.Count], static _ => { });
                await client.RequestAsync(ProbeMessages.Join($"visit-{visit}"));
                await client.RequestAsync(ProbeMessages.Leave($"visit-{visit}"));
            }
            catch (Exception exception)
                when (exception is IOException or TimeoutException or System.Net.Sockets.SocketException or InvalidDataException)
            {
                failed++;
            }

            await Task.Delay(VisitEvery, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return failed;
    }

    private static async Task<List<double>> WatchMemoryAsync(ServerGroup servers, CancellationToken stop)
    {
        var samples = new List<double>();
        while (!stop.IsCancellationRequested)
        {
            samples.Add(servers.ResidentMegabytes());
            await Task.Delay(Sample, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return samples;
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private sealed record Outcome(
        LoadResult Load, DeliveryCount Deliveries, int FailedVisits, int Complaints, double EarlyMegabytes, double LateMegabytes);
}
