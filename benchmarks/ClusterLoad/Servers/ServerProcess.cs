using System.Globalization;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>One process on the server's side, and what it has cost so far. Linux only, as it reads <c>/proc</c>.</summary>
/// <param name="name">What it is called.</param>
/// <param name="process">The process.</param>
/// <param name="owner">What ends it; null for the process itself.</param>
internal sealed class ServerProcess(string name, RunningProcess process, IAsyncDisposable? owner = null) : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private double _lastCpuSeconds;

    public string Name => name;

    public RunningProcess Running => process;

    /// <summary>The processor time it has used, in user and kernel mode; of a process that has ended, what was last seen.</summary>
    public double CpuSeconds()
    {
        try
        {
            // The name in parentheses may contain anything; utime and stime are fields 14 and 15 (proc(5)).
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            _lastCpuSeconds = (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        }
        catch (IOException)
        {
            // It has ended.
        }

        return _lastCpuSeconds;
    }

    /// <summary>Memory that is resident, in MB; 0 when the process has ended.</summary>
    public double ResidentMegabytes()
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>How often its threads that are still there have been taken off or have left a core; 0 when the process has ended.</summary>
    public double ContextSwitches()
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process.Id}/task").Sum(ContextSwitchesOf);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Lines of its log at the level of warning or above.</summary>
    public IEnumerable<string> Complaints() =>
        (process.Output + process.Errors).Split('\n').Where(line => line.StartsWith("warn:", StringComparison.Ordinal)
            || line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)
            || line.StartsWith("Unhandled exception", StringComparison.Ordinal));

    public ValueTask DisposeAsync() => (owner ?? process).DisposeAsync();

    private static double ContextSwitchesOf(string thread)
    {
        try
        {
            return File.ReadLines(Path.Combine(thread, "status"))
                .Where(line => line.Contains("voluntary_ctxt_switches:", StringComparison.Ordinal))
                .Sum(line => Number(line[(line.IndexOf(':') + 1)..]));
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return 0;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
