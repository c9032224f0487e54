using System.Globalization;
using OrleansRooms.ServerLoad.Clients;
using OrleansRooms.ServerLoad.Servers;

namespace OrleansRooms.ServerLoad.Scenarios;

/// <summary>
/// Clients that chat in their rooms, while everybody is sent broadcasts: alone, beside clients that read, and beside clients that never
/// read, neither pings nor broadcasts, until the server gives them up. Fails when the chat goes quiet, a chatting client is lost, or what
/// waits for the silent ones is not given back.
/// </summary>
internal static class Stalled
{
    private const int Chatting = 200;
    private const int MessagesPerSecond = 200;
    private const int BroadcastsPerSecond = 5;
    private const int BroadcastSize = 4_000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    // A ping and its answer have their default times, and what is left takes a moment to go.
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(25 + 20 + 10);

    public static async Task<bool> RunAsync(int silentClients)
    {
        await using var server = await ServerUnderLoad.StartAsync("rooms-tight");
        var chatting = await WireClient.ConnectAsync(server.Address, Chatting);
        var chat = new Chat(server, chatting);
        await chat.RunAsync(Duration, BroadcastsPerSecond, BroadcastSize, MessagesPerSecond);
        var isMet = await ReportAsync("alone");

        var reading = await WireClient.ConnectAsync(server.Address, silentClients);
        isMet &= await ReportAsync($"beside {silentClients} that read");
        foreach (var client in reading) client.Dispose();

        var start = TimeProvider.System.GetTimestamp();
        var silent = await WireClient.ConnectAsync(server.Address, silentClients, reads: false);
        while (TimeProvider.System.GetElapsedTime(start) < GivenUpAfter)
        {
            isMet &= await ReportAsync($"beside {silentClients} that do not read");
        }

        isMet &= await ReportAsync("after those were given up");
        foreach (var client in chatting.Concat(silent)) client.Dispose();
        return isMet;

        async Task<bool> ReportAsync(string phase)
        {
            var latencies = await chat.RunAsync(Duration, BroadcastsPerSecond, BroadcastSize, MessagesPerSecond);
            var lost = chatting.Count(client => client.IsLost);
            var (waiting, ended) = (await WaitingAsync(server), await server.Http.GetStringAsync("/ended"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{phase}: {latencies.Count} answers, p50 {At(latencies, 0.5):F2} ms, p99 {At(latencies, 0.99):F2} ms, {lost} of " +
                $"{Chatting} lost; resident {server.ResidentKilobytes() / 1024:F0} MB; waiting {waiting:F1} MB; sessions ended: " +
                $"{ended}"));
            return latencies.Count > 0 && lost == 0;
        }
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(sorted.Count * share)];

    private static async Task<double> WaitingAsync(ServerUnderLoad server) =>
        double.Parse(await server.Http.GetStringAsync("/waiting"), CultureInfo.InvariantCulture) / (1024 * 1024);
}
