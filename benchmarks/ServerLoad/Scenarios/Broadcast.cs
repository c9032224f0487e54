using System.Globalization;
using OrleansRooms.ServerLoad.Clients;
using OrleansRooms.ServerLoad.Servers;

namespace OrleansRooms.ServerLoad.Scenarios;

/// <summary>
/// Emits to everybody at a rate and compares the processor time with that of bare Kestrel WebSockets to which the same bytes are written at
/// the same rate. The clients are in this process; only the server's process counts.
/// </summary>
internal static class Broadcast
{
    private const int Size = 100;
    private const int DeliveriesPerSecond = 20_000;
    private const int Seconds = 8;
    private const int Rounds = 3;

    // No object is smaller: with less on average beyond what Kestrel allocates, recipients cost none.
    private const double SmallestObject = 24;

    public static async Task<bool> RunAsync(int[] audiences)
    {
        var isMet = true;
        foreach (var sockets in audiences)
        {
            // Alternating, so that what else the machine does meets both.
            await using var ours = await ServerUnderLoad.StartAsync("rooms-quiet");
            await using var bare = await ServerUnderLoad.StartAsync("bare");
            var oursClients = await WireClient.ConnectAsync(ours.Address, sockets);
            var bareClients = await WireClient.ConnectAsync(bare.Address, sockets);
            await MeasureAsync(ours, oursClients);
            await MeasureAsync(bare, bareClients);
            List<double> oursCosts = [], bareCosts = [], oursAllocations = [], bareAllocations = [];
            for (var i = 0; i < Rounds; i++)
            {
                await MeasureInTurnAsync(ours, oursClients, oursCosts, oursAllocations);
                await MeasureInTurnAsync(bare, bareClients, bareCosts, bareAllocations);
            }

            var (oursCost, bareCost, oursBytes, bareBytes) =
                (Median(oursCosts), Median(bareCosts), Median(oursAllocations), Median(bareAllocations));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{sockets} sockets: OrleansRooms {oursCost:F2} us/delivery, bare Kestrel {bareCost:F2}, ratio " +
                $"{oursCost / bareCost:F2} (goal: at most 1.5); bytes allocated for each delivery {oursBytes:F1} and {bareBytes:F1} " +
                $"(goal: less than an object more)"));
            isMet &= oursCost <= 1.5 * bareCost && oursBytes - bareBytes < SmallestObject;
            foreach (var client in oursClients.Concat(bareClients)) client.Dispose();
        }

        return isMet;
    }

    private static async Task MeasureInTurnAsync(ServerUnderLoad server, WireClient[] clients, List<double> costs, List<double> allocations)
    {
        var (cost, allocated) = await MeasureAsync(server, clients);
        costs.Add(cost);
        allocations.Add(allocated);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>What each delivery costs the server: microseconds of processor time, and bytes that it allocates.</summary>
    private static async Task<(double Microseconds, double Bytes)> MeasureAsync(ServerUnderLoad server, WireClient[] clients)
    {
        var rate = Math.Max(1, DeliveriesPerSecond / clients.Length);
        var count = rate * Seconds;

        // The head of a frame, the name of the event and the punctuation around it.
        var expected = (long)count * clients.Length * (2 + "42[\"message\",\"\"]".Length + Size);
        var already = clients.Sum(client => client.Bytes);
        var allocated = await AllocatedAsync(server);
        var cpu = server.CpuSeconds();
        await server.Http.GetStringAsync($"/broadcast?count={count}&rate={rate}&size={Size}");
        for (var i = 0; i < 100 && clients.Sum(client => client.Bytes) - already < expected; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        var used = server.CpuSeconds() - cpu;
        allocated = await AllocatedAsync(server) - allocated;
        var deliveries = (double)count * clients.Length;
        var received = clients.Sum(client => client.Bytes) - already;
        return received == expected
            ? (used * 1e6 / deliveries, allocated / deliveries)
            : throw new InvalidDataException($"{server.Name} delivered {received} bytes instead of {expected}.");
    }

    private static async Task<long> AllocatedAsync(ServerUnderLoad server) =>
        long.Parse(await server.Http.GetStringAsync("/allocated"), CultureInfo.InvariantCulture);
}
