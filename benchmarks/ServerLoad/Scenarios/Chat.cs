using OrleansRooms.ServerLoad.Clients;
using OrleansRooms.ServerLoad.Servers;

namespace OrleansRooms.ServerLoad.Scenarios;

/// <summary>
/// Clients that take turns to say something to their room of ten, and the time until each hears it, while the server broadcasts to
/// everybody it knows.
/// </summary>
internal sealed class Chat(ServerUnderLoad server, WireClient[] clients)
{
    /// <summary>Chats for a while.</summary>
    /// <returns>From the sending to the arrival at each of the room, in milliseconds, sorted.</returns>
    public async Task<List<double>> RunAsync(TimeSpan duration, int broadcastsPerSecond, int broadcastSize, int messagesPerSecond)
    {
        List<double> latencies = [];
        foreach (var client in clients) client.OnText = text => Take(text, latencies);

        var count = (int)(duration.TotalSeconds * broadcastsPerSecond);
        var broadcasting = server.Http.GetStringAsync($"/broadcast?count={count}&rate={broadcastsPerSecond}&size={broadcastSize}");
        var next = 0;
        await Pace.RunAsync((int)(duration.TotalSeconds * messagesPerSecond), messagesPerSecond,
            () => clients[next++ % clients.Length].SendAsync($"42[\"say\",\"{TimeProvider.System.GetTimestamp()}\"]"),
            CancellationToken.None);
        await broadcasting;

        // What was said last is still to be heard.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        lock (latencies)
        {
            latencies.Sort();
            return [.. latencies];
        }
    }

    private static void Take(string text, List<double> latencies)
    {
        const string head = "[\"said\",\"";
        for (var at = text.IndexOf(head, StringComparison.Ordinal); at >= 0; at = text.IndexOf(head, at, StringComparison.Ordinal))
        {
            at += head.Length;
            var end = text.IndexOf('"', at);
            if (end < 0 || !long.TryParse(text.AsSpan(at, end - at), out var sent)) return;
            var took = TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds;
            lock (latencies) latencies.Add(took);
        }
    }
}
