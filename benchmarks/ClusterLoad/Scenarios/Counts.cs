using System.Net;
using System.Text;
using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>What a message makes the servers do, stage by stage: each load adds one to the way of its messages.</summary>
internal sealed class Counts : Scenario
{
    private const int Nodes = 3;

    private static readonly (string Title, AudienceShape Shape, double Rate)[] InCluster =
    [
        ("in a cluster", new NeighbourShape(Nodes, Nearest: 0, Farthest: 0), SmallRooms.Rate),
        ("sent to one node, acks alone", new NeighbourShape(Nodes, Nearest: 1, Farthest: 1), SmallRooms.Rate),
        ("sent to one node, acks ride along", new NeighbourShape(Nodes, Nearest: 1, Farthest: Nodes - 1), SmallRooms.Rate),
        ("small rooms", AudienceShape.SmallRooms, SmallRooms.Rate),
        ("fan-out", AudienceShape.OneRoom, FanOut.Rate),
    ];

    private static readonly (string Name, string Counter)[] Rows =
    [
        (WorkCount.Cpu, WorkCount.Cpu),
        (WorkCount.Switches, WorkCount.Switches),
        .. SyscallCount.Names.Select(name => (name, name)),
        ("work items of the thread pool", "work-items"),
        ("lock contentions", "lock-contentions"),
        ("bytes allocated", "allocated-bytes"),
        ("Orleans: messages within a silo", "orleans-messaging-sent-local"),
        ("Orleans: messages to other silos", "orleans-messaging-sent-messages-size.count"),
        ("Orleans: bytes of them", "orleans-messaging-sent-messages-size.sum"),
        ("batches sent to nodes", "orleansrooms.messaging.batches.sent"),
        ("envelopes in them", "orleansrooms.messaging.envelopes.sent"),
        ("sends of acknowledgements alone", "orleansrooms.messaging.acknowledgements.sent"),
    ];

    public override string Name => "counts";

    public override string Summary =>
        "what a message makes the servers do: switches, system calls, work items, Orleans messages, allocations";

    public override async Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options)
    {
        var columns = new List<Column>
        {
            await CountAsync(
                "no cluster", async () => await RoomsGroup.StartAloneAsync(Nodes), hasCounters: true, InCluster[0].Shape, SmallRooms.Rate,
                options),
        };
        // New nodes for each, because room owners stay where they came up for the load before.
        foreach (var (title, shape, rate) in InCluster)
        {
            columns.Add(
                await CountAsync(title, async () => await RoomsGroup.StartCohostedAsync(Nodes), hasCounters: true, shape, rate, options));
        }

        if (options.WithPeer)
        {
            foreach (var (title, shape, rate) in InCluster[^2..])
            {
                columns.Add(
                    await CountAsync(
                        $"Redis adapter: {title}", async () => await RedisGroup.StartAsync(Nodes), hasCounters: false, shape, rate,
                        options));
            }
        }

        Write(columns);
        return [];
    }

    private static async Task<Column> CountAsync(
        string title, Func<Task<ServerGroup>> start, bool hasCounters, AudienceShape shape, double rate, LoadOptions options)
    {
        await using var servers = await start();
        using var audience = await Audience.GatherAsync(shape, servers.Nodes);
        var load = new Load(servers, audience);
        await load.WarmUpAsync(rate, options.WarmUp);
        var idle = await WindowAsync(servers, hasCounters, () => Task.Delay(options.Duration / 2, TimeProvider.System));
        long sent = 0;
        var busy = await WindowAsync(servers, hasCounters, async () =>
        {
            var result = await load.RunAsync(rate, options.Duration);
            sent = result.Sent;
            Console.WriteLine($"  {title}: {result}");
        });
        return new Column(
            title,
            busy.ToDictionary(
                count => count.Key,
                count => (count.Value.Total - (idle.GetValueOrDefault(count.Key).PerSecond * count.Value.Seconds)) / sent),
            idle.ToDictionary(count => count.Key, count => count.Value.PerSecond / Nodes));
    }

    // Does it twice: what costs something to count is counted the second time, so as not to be in the rest.
    private static async Task<Dictionary<string, Amount>> WindowAsync(ServerGroup servers, bool hasCounters, Func<Task> work)
    {
        var counts = new Dictionary<string, Amount>();
        IReadOnlyList<IPEndPoint> probes = hasCounters ? servers.Nodes : [];
        await CountAsync();
        await using var meters = await WorkCount.ListenToMetersAsync(probes);
        var (clock, start) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        await using var syscalls = await SyscallCount.StartAsync(servers);
        await CountAsync();
        if (syscalls is not null)
        {
            var seconds = clock.GetElapsedTime(start).TotalSeconds;
            foreach (var (name, total) in await syscalls.StopAsync())
            {
                counts[name] = new Amount(total, seconds);
            }
        }

        return counts;

        async Task CountAsync()
        {
            var begin = TimeProvider.System.GetTimestamp();
            var before = await WorkCount.ReadAsync(servers, probes);
            await work();
            var after = await WorkCount.ReadAsync(servers, probes);
            foreach (var (name, total) in after.Since(before))
            {
                counts.TryAdd(name, new Amount(total, TimeProvider.System.GetElapsedTime(begin).TotalSeconds));
            }
        }
    }

    private static void Write(List<Column> columns)
    {
        // Idle as the last load found it.
        columns.Add(new Column("a silent node, each second", columns.Last(column => column.Idle.ContainsKey("work-items")).Idle, []));
        var text = new StringBuilder("\n| for each message |");
        text.AppendJoin(" |", columns.Select(column => $" {column.Title}")).Append(" |\n|---|").Insert(text.Length, "---|", columns.Count)
            .Append('\n');
        foreach (var (name, counter) in Rows)
        {
            text.Append("| ").Append(name).Append(" |");
            foreach (var column in columns)
            {
                text.Append(' ').Append(column.Counts.TryGetValue(counter, out var count) ? Report.Short(count) : "").Append(" |");
            }

            text.Append('\n');
        }

        Console.WriteLine(text);
    }

    private readonly record struct Amount(double Total, double Seconds)
    {
        public double PerSecond => Seconds > 0 ? Total / Seconds : 0;
    }

    private sealed record Column(string Title, Dictionary<string, double> Counts, Dictionary<string, double> Idle);
}
