using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>The highest rate at which nothing is lost or falls behind, and what happens beyond it.</summary>
internal sealed class Saturation(string load, AudienceShape shape, double firstRate) : Scenario
{
    private const int Nodes = 8;
    private const double Step = 1.6;
    private const double CloseEnough = 1.15;
    private const double LowestRate = 50;
    private const double Overload = 1.5;

    // A rate counts as sustained when the servers read what is sent at that rate and deliver the rest soon after the last message.
    private const double ReadShare = 0.97;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepDuration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    public override string Name => $"saturation-{load}";

    public override string Summary => $"8 nodes, {load}: the highest loss-free rate, and half as much again";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var peer = options.WithPeer ? await MeasureAsync(async () => await RedisGroup.StartAsync(Nodes), shape, Find) : null;
        var ours = await MeasureAsync(async () => await RoomsGroup.StartCohostedAsync(Nodes), shape, Find);
        return
        [
            Figure("highest loss-free rate, messages/s", ours.HighestRate, peer?.HighestRate, Goal.RatioAtLeast(2)),
            Figure(
                "deliveries per second at 1.5 times that, as a part of " +
                "those at it", ours.OverloadedPart, peer?.OverloadedPart, Goal.AtLeastOf(0.8)),
            Figure("deliveries missing after the overload", ours.MissingAfterwards, peer?.MissingAfterwards, Goal.AtMostOf(0)),
            Figure("connections lost", ours.LostConnections, peer?.LostConnections, Goal.AtMostOf(0)),
        ];

        Task<Outcome> Find(ServerGroup servers, Audience audience) => FindAsync(servers, audience, options.WarmUp);
    }

    private async Task<Outcome> FindAsync(ServerGroup servers, Audience audience, TimeSpan warmUp)
    {
        var run = new Load(servers, audience);
        await run.WarmUpAsync(firstRate, warmUp);
        LoadResult? best = null;
        double? failed = null;
        for (var rate = firstRate; rate >= LowestRate && !(failed / best?.Rate < CloseEnough);)
        {
            // Once may be a compiler at work, or somebody else on the machine.
            if ((await TrySustainAsync(run, audience, rate) ?? await TrySustainAsync(run, audience, rate)) is { } result)
            {
                best = result;
            }
            else
            {
                failed = rate;
            }

            // Up until it fails, and then half-way between what went well and what did not.
            rate = failed is not { } tooHigh ? rate * Step : best is null ? rate / 2 : Math.Sqrt(best.Rate * tooHigh);
        }

        await WhenRestedAsync(audience);
        var overload = await run.RunAsync((best?.Rate ?? firstRate) * Overload, StepDuration, Recovery);
        return new Outcome(
            best?.Rate ?? 0,
            best is null ? 0 : overload.DeliveredPerSecond / best.DeliveredPerSecond,
            Math.Max(0, audience.Count().Missing),
            audience.LostConnections);
    }

    private static async Task<LoadResult?> TrySustainAsync(Load run, Audience audience, double rate)
    {
        var result = await run.RunAsync(rate, StepDuration, Rest);
        Console.WriteLine($"    {result}");
        if (result.Deliveries.Missing == 0 && result.SentPerSecond >= rate * ReadShare && result.LostConnections == 0)
        {
            return result;
        }

        await WhenRestedAsync(audience);
        return null;
    }

    private static async Task WhenRestedAsync(Audience audience)
    {
        var clock = TimeProvider.System;
        for (var start = clock.GetTimestamp(); audience.Count().Missing > 0 && clock.GetElapsedTime(start) < Recovery;)
        {
            await Task.Delay(Rest, clock);
        }
    }

    private sealed record Outcome(double HighestRate, double OverloadedPart, long MissingAfterwards, int LostConnections);
}
