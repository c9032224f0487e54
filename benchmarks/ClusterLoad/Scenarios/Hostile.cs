using System.Net;
using System.Text;
using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>
/// What everybody else notices of one client that does its worst, as fast as its messages are read: one thing after the other, and what
/// memory the servers keep a minute later.
/// </summary>
internal sealed class Hostile : Scenario
{
    private const int Nodes = 2;
    private const double Rate = 200;
    private const string Room = "flood";

    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly Deed[] Deeds =
    [
        new("names of 980 KB", Same($"421[\"join\",\"{new string('r', 980_000)}\"]")),
        new("auth of 900 KB", Same($"40/other,{{\"name\":\"{new string('a', 900_000)}\"}}")),
        new("namespaces that nobody lets it into", static number => Encoding.UTF8.GetBytes($"40/asked-{number},")),
        new("events of 500 KB in handlers that wait", Same($"42[\"hold\",\"{new string('h', 500_000)}\"]")),
        new("events of 1 KB for another node", Same($"42[\"pub\",\"{Room}\",0,\"{new string('x', 1000)}\"]")),
    ];

    public override string Name => "hostile";

    public override string Summary =>
        "2 nodes, 200 messages a second in rooms of 2 beside a client that does its worst; --seconds for each deed";

    public override Task<IReadOnlyList<Comparison>> RunAsync(LoadOptions options) => MeasureAsync(
        async () => await RoomsGroup.StartCohostedAsync(Nodes),
        AudienceShape.SmallRooms,
        (servers, audience) => MeasureAsync(servers, audience, options));

    private async Task<IReadOnlyList<Comparison>> MeasureAsync(ServerGroup servers, Audience audience, LoadOptions options)
    {
        using var sink = await WireClient.ConnectAsync(servers.Nodes[1], static _ => { });
        await sink.RequestAsync(ProbeMessages.Join(Room));
        var load = new Load(servers, audience);
        await load.WarmUpAsync(Rate, options.WarmUp);
        var before = servers.ResidentMegabytes();
        var figures = new List<Comparison>();
        foreach (var deed in Deeds)
        {
            using var enough = new CancellationTokenSource();
            var doing = DoAsync(deed, servers.Nodes[0], enough.Token);
            var others = await load.RunAsync(Rate, options.Duration);
            await enough.CancelAsync();
            figures.Add(Figure($"{deed.What}: how many", await doing, null));
            figures.Add(Figure($"{deed.What}: p99 of the others, ms", others.P99, null, Goal.AtMostOf(200)));
            figures.Add(Figure($"{deed.What}: deliveries to the others missing", others.Deliveries.Missing, null, Goal.AtMostOf(0)));
            figures.Add(Figure($"{deed.What}: connections of the others lost", others.LostConnections, null, Goal.AtMostOf(0)));
        }

        figures.Add(Figure("memory before, MB", before, null));
        await load.RunAsync(Rate, Settling);
        figures.Add(Figure("memory a minute after the last, times that", servers.ResidentMegabytes() / before, null, Goal.AtMostOf(1.2)));
        return figures;
    }

    // Comes back when the server has ended its connection.
    private static async Task<long> DoAsync(Deed deed, IPEndPoint node, CancellationToken enough)
    {
        long done = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                using var client = await WireClient.ConnectAsync(node, static _ => { });
                // Its last message may wait for a server that does not read.
                await using var ending = enough.Register(client.Dispose);
                done += await Task.Factory.StartNew(
                    () => client.Flood(deed.Message, done, enough), CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
            catch (Exception exception)
                when (exception is IOException or TimeoutException or System.Net.Sockets.SocketException or InvalidDataException)
            {
                // Refused, which is no more than it deserves.
            }

            await Task.Delay(Pause, TimeProvider.System, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return done;
    }

    private static Func<long, ReadOnlyMemory<byte>> Same(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        return _ => bytes;
    }

    /// <summary>Something that one client does again and again.</summary>
    /// <param name="What">What it sends.</param>
    /// <param name="Message">The message with a number.</param>
    private sealed record Deed(string What, Func<long, ReadOnlyMemory<byte>> Message);
}
