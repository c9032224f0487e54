using System.Globalization;
using OrleansRooms.ServerLoad.Clients;
using OrleansRooms.ServerLoad.Servers;

namespace OrleansRooms.ServerLoad.Scenarios;

/// <summary>
/// Holds idle WebSocket connections, each in one room, and reports what each keeps resident: the server's, those of bare Kestrel, without
/// rooms or protocol, and those of the stock server on Node.js. None is asked to collect its garbage.
/// </summary>
internal static class Idle
{
    // Longer than a ping and its answer take, so that what the heartbeat costs is there too.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    public static async Task<bool> RunAsync(int connections)
    {
        var ours = await MeasureAsync(() => ServerUnderLoad.StartAsync("rooms"), connections);
        await MeasureAsync(() => ServerUnderLoad.StartAsync("bare"), connections);
        var node = await MeasureAsync(ServerUnderLoad.StartNodeAsync, connections);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {ours / node:F2} (goal: at most 1)"));
        return ours <= node;
    }

    private static async Task<double> MeasureAsync(Func<Task<ServerUnderLoad>> start, int connections)
    {
        await using var server = await start();

        // What the first connections load and compile is not theirs.
        Dispose(await WireClient.ConnectAsync(server.Address, 200));
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        var before = server.ResidentKilobytes();
        var began = TimeProvider.System.GetTimestamp();
        var clients = await WireClient.ConnectAsync(server.Address, connections);
        var took = TimeProvider.System.GetElapsedTime(began);
        await Task.Delay(Settling, TimeProvider.System);
        var after = server.ResidentKilobytes();
        var lost = clients.Count(client => client.IsLost);
        var each = (after - before) / connections;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{server.Name}: {connections} connections in {took.TotalSeconds:F1} s, {before / 1024:F0} MB -> {after / 1024:F0} MB, " +
            $"{each:F1} KB each, {lost} lost"));
        if (lost > 0 && server.Name == "OrleansRooms")
        {
            Console.WriteLine($"sessions ended, the first 200 included: {await server.Http.GetStringAsync("/ended")}");
        }
        Dispose(clients);
        return lost == 0 ? each : double.PositiveInfinity;
    }

    private static void Dispose(WireClient[] clients)
    {
        foreach (var client in clients) client.Dispose();
    }
}
