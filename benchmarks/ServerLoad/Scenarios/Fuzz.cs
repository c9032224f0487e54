using System.Globalization;
using System.Net.Sockets;
using OrleansRooms.ServerLoad.Clients;
using OrleansRooms.ServerLoad.Servers;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.ServerLoad.Scenarios;

/// <summary>
/// Sends mutated frames over both transports, while a bystander asks for an answer again and again. Fails when the server ends, logs an
/// error, keeps memory, or leaves the bystander waiting.
/// </summary>
internal static class Fuzz
{
    private const int Workers = 8;
    private const int MostFramesPerConnection = 20;
    private const double MostGrowthMegabytes = 16;

    public static async Task<bool> RunAsync(int frames, int seed)
    {
        Console.WriteLine($"{frames} frames, seeds {seed} to {seed + Workers - 1}; again: ServerLoad fuzz {frames} {seed}");
        await using var server = await ServerUnderLoad.StartAsync("rooms");
        var bystander = (await WireClient.ConnectAsync(server.Address, 1))[0];
        await SendAsync(server, frames / 10, seed);
        var before = await MemoryAsync(server);

        using var done = new CancellationTokenSource();
        var watching = AskAgainAndAgainAsync(bystander, done.Token);
        await SendAsync(server, frames, seed);
        await done.CancelAsync();
        var waits = await watching;

        var after = await MemoryAsync(server);
        var isQuiet = string.IsNullOrWhiteSpace(server.Output.Replace("ready", "", StringComparison.Ordinal));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"managed memory {before:F1} MB -> {after:F1} MB; bystander: {waits.Count} answers, p50 {At(waits, 0.5):F1} ms, p99 " +
            $"{At(waits, 0.99):F1} ms, slowest {At(waits, 1):F0} ms, lost: {bystander.IsLost}; errors logged: {!isQuiet}"));
        if (!isQuiet) Console.WriteLine(server.Output);
        return isQuiet && !bystander.IsLost && waits.Count > 0 && after - before < MostGrowthMegabytes;
    }

    private static Task SendAsync(ServerUnderLoad server, int frames, int seed) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
    {
        var random = new Random(seed + worker);
        var mutator = new FrameMutator(random);
        for (var left = frames / Workers; left > 0;)
        {
            var count = Math.Min(left, 1 + random.Next(MostFramesPerConnection));
            left -= count;
            await (worker % 2 == 0 ? SendByWebSocketAsync(server, mutator, count) : SendByPollingAsync(server, mutator, count));
        }
    })));

    private static async Task SendByWebSocketAsync(ServerUnderLoad server, FrameMutator mutator, int count)
    {
        var frames = new MemoryStream();
        for (var i = 0; i < count; i++) frames.Write(mutator.NextWebSocketFrame());
        var client = (await WireClient.ConnectAsync(server.Address, 1))[0];
        try
        {
            await client.SendRawAsync(frames.ToArray());
        }
        catch (SocketException)
        {
            // The server has closed the connection, as it should.
        }
        finally
        {
            client.Dispose();
        }
    }

    private static async Task SendByPollingAsync(ServerUnderLoad server, FrameMutator mutator, int count)
    {
        var open = await server.Http.GetStringAsync("/socket.io/?EIO=4&transport=polling");
        var start = open.IndexOf("\"sid\":\"", StringComparison.Ordinal) + 7;
        var session = $"/socket.io/?EIO=4&transport=polling&sid={open[start..open.IndexOf('"', start)]}";
        using var enter = new ByteArrayContent("40"u8.ToArray());
        (await server.Http.PostAsync(session, enter)).Dispose();
        using var body = new ByteArrayContent(mutator.NextPayload(count));
        (await server.Http.PostAsync(session, body)).Dispose();
        using var goodbye = new ByteArrayContent("1"u8.ToArray());
        (await server.Http.PostAsync(session, goodbye)).Dispose();
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    /// <summary>How long each answer took in milliseconds, sorted.</summary>
    private static async Task<List<double>> AskAgainAndAgainAsync(WireClient client, CancellationToken stop)
    {
        List<double> waits = [];
        while (!stop.IsCancellationRequested)
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var expected = $"43{waits.Count}[\"{waits.Count}\"]";
            client.OnText = text =>
            {
                if (text.Contains(expected, StringComparison.Ordinal)) answer.TrySetResult();
            };
            var start = TimeProvider.System.GetTimestamp();
            await client.SendAsync($"42{waits.Count}[\"echo\",\"{waits.Count}\"]");
            await answer.Task.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
            waits.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        waits.Sort();
        return waits;
    }

    private static async Task<double> MemoryAsync(ServerUnderLoad server) =>
        double.Parse(await server.Http.GetStringAsync("/memory"), CultureInfo.InvariantCulture) / (1024 * 1024);
}
