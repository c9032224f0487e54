using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>How fast clients get into rooms: each joins, waits for the ack, and joins the next.</summary>
internal sealed class Joins : Scenario
{
    private const int Nodes = 3;
    private const int Clients = 60;

    public override string Name => "joins";

    public override string Summary => "3 nodes, 60 clients that join one after the other of 100 common rooms, or of rooms of their own";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var peer = options.WithPeer ? await MeasureJoinsAsync(async () => await RedisGroup.StartAsync(Nodes), options) : null;
        var ours = await MeasureJoinsAsync(async () => await RoomsGroup.StartCohostedAsync(Nodes), options);
        return
        [
            Figure("into common rooms, joins/s", ours.Common.PerSecond, peer?.Common.PerSecond, Goal.RatioAtLeast(0.9)),
            Figure("into common rooms, servers' CPU per join, us", ours.Common.Microseconds, peer?.Common.Microseconds),
            Figure("into rooms of their own, joins/s", ours.Own.PerSecond, peer?.Own.PerSecond, Goal.RatioAtLeast(0.9)),
            Figure("into rooms of their own, servers' CPU per join, us", ours.Own.Microseconds, peer?.Own.Microseconds),
        ];
    }

    private Task<Rates> MeasureJoinsAsync(Func<Task<ServerGroup>> start, LoadOptions options) =>
        MeasureAsync(start, AudienceShape.OneRoom, async (servers, _) =>
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(
                i => WireClient.ConnectAsync(servers.Nodes[i % Nodes], static _ => { })));
            try
            {
                await JoinAsync(servers, clients, "warm", ownRooms: false, options.WarmUp / 2);
                await JoinAsync(servers, clients, "warm", ownRooms: true, options.WarmUp / 2);
                return new Rates(
                    await JoinAsync(servers, clients, "common", ownRooms: false, options.Duration),
                    await JoinAsync(servers, clients, "own", ownRooms: true, options.Duration));
            }
            finally
            {
                foreach (var client in clients)
                {
                    client.Dispose();
                }
            }
        });

    private static async Task<Rate> JoinAsync(ServerGroup servers, WireClient[] clients, string name, bool ownRooms, TimeSpan duration)
    {
        var clock = TimeProvider.System;
        var (start, cpu) = (clock.GetTimestamp(), servers.CpuSeconds());
        var joins = await Task.WhenAll(clients.Select(async (client, i) =>
        {
            var count = 0;
            for (; clock.GetElapsedTime(start) < duration; count++)
            {
                // All are on their way through the same rooms at about the same time.
                await client.RequestAsync(ProbeMessages.Join(ownRooms ? $"{name}-{i}-{count}" : $"{name}-{count}"));
            }

            return count;
        }));
        return new Rate(joins.Sum() / clock.GetElapsedTime(start).TotalSeconds, (servers.CpuSeconds() - cpu) * 1e6 / joins.Sum());
    }

    private sealed record Rates(Rate Common, Rate Own);

    private readonly record struct Rate(double PerSecond, double Microseconds);
}
