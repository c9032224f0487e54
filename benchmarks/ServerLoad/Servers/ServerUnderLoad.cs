using System.Globalization;
using System.Net;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ServerLoad.Servers;

/// <summary>A server in a process of its own, and what it costs. Reads <c>/proc</c>, hence Linux only.</summary>
internal sealed class ServerUnderLoad : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly RunningProcess _process;

    private ServerUnderLoad(string name, RunningProcess process, int port)
    {
        Name = name;
        _process = process;
        Address = new IPEndPoint(IPAddress.Loopback, port);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public string Name { get; }

    public IPEndPoint Address { get; }

    public HttpClient Http { get; }

    /// <summary>What it wrote to its consoles: errors, above all.</summary>
    public string Output => _process.Output + _process.Errors;

    /// <summary>Starts one of this program's own servers.</summary>
    public static async Task<ServerUnderLoad> StartAsync(string kind)
    {
        var port = FreePorts.Take(1)[0];
        var process = RunningProcess.StartDotnet(typeof(ServerUnderLoad).Assembly.Location, "serve", kind, $"{port}");
        return await ReadyAsync(kind == "bare" ? "bare Kestrel" : "OrleansRooms", process, port);
    }

    /// <summary>Starts the stock server on Node.js.</summary>
    public static async Task<ServerUnderLoad> StartNodeAsync()
    {
        var port = FreePorts.Take(1)[0];
        var folder = RepositoryRoot.Combine("benchmarks", "ServerLoad", "peer");
        return await ReadyAsync("socket.io on Node.js", RunningProcess.Start("node", ["server.mjs", $"{port}"], folder), port);
    }

    /// <summary>The processor time used so far, in user and kernel mode.</summary>
    public double CpuSeconds()
    {
        // The name in parentheses may contain anything; utime and stime are fields 14 and 15 (proc(5)).
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>Memory that is resident.</summary>
    public double ResidentKilobytes() => Number(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<ServerUnderLoad> ReadyAsync(string name, RunningProcess process, int port)
    {
        await process.NextLineAsync("ready", StartTimeout);
        return new ServerUnderLoad(name, process, port);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
