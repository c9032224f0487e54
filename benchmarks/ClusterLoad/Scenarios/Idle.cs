using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>
/// What servers cost while nobody is there, a good while after their start: until then compilers work on what runs once a second.
/// </summary>
internal sealed class Idle : Scenario
{
    private const int Few = 3;
    private const int Many = 8;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(100);

    public override string Name => "idle";

    public override string Summary =>
        "servers without clients, long after their start: 3 and 8 co-hosted nodes, and a silo with 3 front-ends";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        // All at the same time: together they leave most of the machine free.
        await using var few = await RoomsGroup.StartCohostedAsync(Few);
        await using var many = await RoomsGroup.StartCohostedAsync(Many);
        await using var frontends = await RoomsGroup.StartFrontendsAsync(Few);
        await using var peer = options.WithPeer ? await RedisGroup.StartAsync(Few) : null;
        await Task.Delay(Settle, TimeProvider.System);

        ServerProcess[] all = [.. few.Processes, .. many.Processes, .. frontends.Processes, .. peer?.Processes ?? []];
        var clock = TimeProvider.System;
        var (start, before) = (clock.GetTimestamp(), all.ToDictionary(process => process, process => process.CpuSeconds()));
        await Task.Delay(options.Duration, clock);
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var redis = peer is null ? null as double? : PercentOf(peer.Processes);
        return
        [
            Figure($"a co-hosted node of {Few}, % of a core", PercentOf(few.Processes), redis),
            Figure($"a co-hosted node of {Many}, % of a core", PercentOf(many.Processes), redis),
            Figure("a silo alone, % of a core", PercentOf(frontends.Processes.Where(process => process.Name == "silo")), null),
            Figure("a front-end, % of a core", PercentOf(frontends.Processes.Where(process => process.Name != "silo")), redis),
        ];

        double PercentOf(IEnumerable<ServerProcess> processes) =>
            100 * processes.Average(process => process.CpuSeconds() - before[process]) / seconds;
    }

    /// <summary>How many cores the servers use over a time.</summary>
    public static async Task<double> CoresAsync(ServerGroup servers, TimeSpan duration)
    {
        var clock = TimeProvider.System;
        var (start, cpu) = (clock.GetTimestamp(), servers.CpuSeconds());
        await Task.Delay(duration, clock);
        return (servers.CpuSeconds() - cpu) / clock.GetElapsedTime(start).TotalSeconds;
    }
}
