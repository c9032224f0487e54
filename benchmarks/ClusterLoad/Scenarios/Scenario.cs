using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>Something to measure, on a name that the command line takes.</summary>
internal abstract class Scenario
{
    // Long after the start: what happens once must not be in a figure of what happens always.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public abstract string Name { get; }

    /// <summary>One line for the usage.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures once and returns the figures.</summary>
    public abstract Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options);

    /// <summary>Starts servers, lets clients join, and hands both over. Everything has ended when the task completes.</summary>
    protected async Task<T> MeasureAsync<T>(Func<Task<ServerGroup>> start, AudienceShape shape, Func<ServerGroup, Audience, Task<T>> measure)
    {
        await using var servers = await start();
        using var audience = await Audience.GatherAsync(shape, servers.Nodes);
        await Task.Delay(Settle, TimeProvider.System);
        var result = await measure(servers, audience);
        Console.WriteLine($"  {Name}, {servers.Name}, {servers.Nodes.Count} nodes: {result}");
        return result;
    }

    /// <summary>Warms up and measures one load.</summary>
    protected Task<LoadResult> MeasureLoadAsync(Func<Task<ServerGroup>> start, AudienceShape shape, double rate, LoadOptions options) =>
        MeasureAsync(start, shape, async (servers, audience) =>
        {
            var load = new Load(servers, audience);
            await load.WarmUpAsync(rate, options.WarmUp);
            return await load.RunAsync(rate, options.Duration);
        });

    /// <summary>The same for the peer, unless the command line says to leave it out.</summary>
    protected async Task<LoadResult?> MeasurePeerAsync(int nodes, AudienceShape shape, double rate, LoadOptions options) =>
        options.WithPeer ? await MeasureLoadAsync(async () => await RedisGroup.StartAsync(nodes), shape, rate, options) : null;

    protected Comparison Figure(string metric, double ours, double? peer, Goal? goal = null) => new(Name, metric, ours, peer, goal);

    /// <summary>The figures about which nothing may be said if messages were lost.</summary>
    protected IEnumerable<Comparison> DeliveryFigures(LoadResult ours, LoadResult? peer)
    {
        yield return Figure("p50, ms", ours.P50, peer?.P50, Goal.RatioAtMost(1));
        yield return Figure("p99, ms", ours.P99, peer?.P99, Goal.RatioAtMost(1));
        yield return Figure("deliveries missing", ours.Deliveries.Missing, peer?.Deliveries.Missing, Goal.AtMostOf(0));
        yield return Figure("memory of all processes, MB", ours.Megabytes, peer?.Megabytes);
    }
}
