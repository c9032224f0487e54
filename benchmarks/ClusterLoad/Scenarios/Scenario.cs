using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>Something to measure, on a name that the command line takes.</summary>
internal abstract class Scenario
{
    // Long after the start: what happens once must not be in a figure of what happens always.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public abstract string Name { get; }

    /// <summary>One line for the usage.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures once and returns the figures.</summary>
    public abstract Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options);

    /// <summary>Starts servers, lets clients join, and hands both over. Everything has ended when the task completes.</summary>
    protected async Task<T> MeasureAsync<T>(
        Func<Task<ServerGroup>> start, AudienceShape shape, Func<ServerGroup, Audience, Task<T>> measure)
    {
        await using var servers = await start();
        using var audience = await Audience.GatherAsync(shape, servers.Nodes);
        await Task.Delay(Settle, TimeProvider.System);
        var result = await measure(servers, audience);
        Console.WriteLine($"  {Name}, {servers.Name}, {servers.Nodes.Count} nodes: {result}");
        return result;
    }

    /// <summary>
    /// Measures several loads: each with the machine to itself, one after the other, or, if the command line says so, in turn: a few
    /// seconds each, again and again, while the servers and clients of the others idle.
    /// </summary>
    /// <param name="options">How, and how long.</param>
    /// <param name="ours">Who takes part.</param>
    /// <param name="peers">Who else does, unless the command line says to leave the peer out; their results come last.</param>
    /// <param name="withIdle">Whether to see first what the servers cost while nobody sends.</param>
    protected async Task<IReadOnlyList<LoadResult>> MeasureLoadsAsync(
        LoadOptions options, Contender[] ours, Contender[] peers, bool withIdle = false)
    {
        Contender[] contenders = options.WithPeer ? [.. ours, .. peers] : ours;
        if (options.InTurn)
        {
            return await MeasureTogetherAsync(options, contenders, withIdle);
        }

        var results = new List<LoadResult>();
        foreach (var contender in contenders)
        {
            results.AddRange(await MeasureTogetherAsync(options, [contender], withIdle));
        }

        return results;
    }

    /// <summary>The same for co-hosted nodes and the peer.</summary>
    protected async Task<(LoadResult Ours, LoadResult? Peer)> MeasureBothAsync(
        int nodes, AudienceShape shape, double rate, LoadOptions options)
    {
        var results = await MeasureLoadsAsync(options, [Contender.Cohosted(nodes, shape, rate)], [Contender.Peer(nodes, shape, rate)]);
        return (results[0], results.ElementAtOrDefault(1));
    }

    protected Comparison Figure(string metric, double ours, double? peer, Goal? goal = null) => new(Name, metric, ours, peer, goal);

    /// <summary>The figures about which nothing may be said if messages were lost.</summary>
    protected IEnumerable<Comparison> DeliveryFigures(LoadResult ours, LoadResult? peer)
    {
        yield return Figure("p50, ms", ours.P50, peer?.P50, Goal.RatioAtMost(1));
        yield return Figure("p99, ms", ours.P99, peer?.P99, Goal.RatioAtMost(1));
        yield return Figure("deliveries missing", ours.Deliveries.Missing, peer?.Deliveries.Missing, Goal.AtMostOf(0));
        yield return Figure("memory of all processes, MB", ours.Megabytes, peer?.Megabytes);
    }

    private async Task<IReadOnlyList<LoadResult>> MeasureTogetherAsync(
        LoadOptions options, IReadOnlyList<Contender> contenders, bool withIdle)
    {
        var entered = new List<Entrant>();
        try
        {
            foreach (var contender in contenders)
            {
                entered.Add(await Entrant.EnterAsync(contender));
            }

            await Task.Delay(Settle, TimeProvider.System);
            await Task.WhenAll(entered.Select(entrant => entrant.WarmUpAsync(options.WarmUp)));
            if (withIdle)
            {
                await Task.WhenAll(entered.Select(entrant => entrant.IdleAsync(options.Duration)));
            }

            var turn = entered.Count > 1 ? Turn : options.Duration;
            for (var left = options.Duration; left > TimeSpan.Zero; left -= turn)
            {
                foreach (var entrant in entered)
                {
                    await entrant.RunAsync(left < turn ? left : turn);
                }
            }

            foreach (var entrant in entered)
            {
                Console.WriteLine($"  {Name}, {entrant}");
            }

            return [.. entered.Select(entrant => entrant.Result)];
        }
        finally
        {
            foreach (var entrant in entered)
            {
                await entrant.DisposeAsync();
            }
        }
    }
}
