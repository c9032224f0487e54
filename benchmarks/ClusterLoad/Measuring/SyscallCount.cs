using System.ComponentModel;
using System.Globalization;
using OrleansRooms.ClusterLoad.Servers;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>Counts the system calls of some processes by <c>perf stat</c>, which does not stop them for it as <c>strace</c> does.</summary>
internal sealed class SyscallCount : IAsyncDisposable
{
    public const string All = "system calls";

    private static readonly (string Name, string[] Events)[] Groups =
    [
        (All, ["raw_syscalls:sys_enter"]),
        ("of them futex", ["syscalls:sys_enter_futex"]),
        (
            "of them sending",
            ["syscalls:sys_enter_sendmsg", "syscalls:sys_enter_sendto", "syscalls:sys_enter_write", "syscalls:sys_enter_writev"]
        ),
        ("of them receiving", ["syscalls:sys_enter_recvmsg", "syscalls:sys_enter_recvfrom", "syscalls:sys_enter_read"]),
        ("of them epoll", ["syscalls:sys_enter_epoll_wait", "syscalls:sys_enter_epoll_pwait"]),
    ];

    private readonly RunningProcess _perf;

    private SyscallCount(RunningProcess perf) => _perf = perf;

    public static IEnumerable<string> Names => Groups.Select(group => group.Name);

    /// <summary>Starts to count; <see langword="null"/> where <c>perf</c> is not there.</summary>
    public static async Task<SyscallCount?> StartAsync(ServerGroup servers)
    {
        try
        {
            var perf = new SyscallCount(RunningProcess.Start(
                "perf",
                [
                    "stat", "-x", ",", "-p", string.Join(',', servers.Processes.Select(process => process.Running.Id)),
                    "-e", string.Join(',', Groups.SelectMany(group => group.Events)),
                ],
                Path.GetTempPath()));
            // It attaches to every thread, and says nothing when it has.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            return perf;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Stops, and returns how many there were of each kind; nothing when <c>perf</c> is not allowed to count.</summary>
    public async Task<IReadOnlyDictionary<string, double>> StopAsync()
    {
        _perf.Signal(ProcessSignal.Interrupt);
        await _perf.WaitForExitAsync();
        var counts = new Dictionary<string, double>();
        foreach (var line in _perf.Errors.Split('\n'))
        {
            // value,unit,event,...
            if (line.Split(',') is [var value, _, var name, ..] && double.TryParse(value, CultureInfo.InvariantCulture, out var count)
                && Groups.FirstOrDefault(group => group.Events.Contains(name)).Name is { } group)
            {
                counts[group] = counts.GetValueOrDefault(group) + count;
            }
        }

        return counts;
    }

    public ValueTask DisposeAsync() => _perf.DisposeAsync();
}
