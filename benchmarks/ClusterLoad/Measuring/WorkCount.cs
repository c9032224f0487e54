using System.Globalization;
using System.Net;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>What servers have done so far, by name: totals that are subtracted from one another.</summary>
internal sealed class WorkCount
{
    public const string Cpu = "CPU, us";
    public const string Switches = "context switches";

    private static readonly HttpClient Http = new();

    private readonly Dictionary<string, double> _totals = [];

    /// <summary>Looks at all processes of a side.</summary>
    /// <param name="servers">The side.</param>
    /// <param name="probes">The nodes that serve their own counters.</param>
    public static async Task<WorkCount> ReadAsync(ServerGroup servers, IEnumerable<IPEndPoint> probes)
    {
        var count = new WorkCount();
        foreach (var process in servers.Processes)
        {
            count.Add(Cpu, process.CpuSeconds() * 1e6);
            count.Add(Switches, process.ContextSwitches());
        }

        foreach (var probe in probes)
        {
            foreach (var line in (await Http.GetStringAsync(new Uri($"http://{probe}/counters")))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var space = line.LastIndexOf(' ');
                count.Add(line[..space], double.Parse(line[space..], CultureInfo.InvariantCulture));
            }
        }

        return count;
    }

    /// <summary>Lets nodes count what needs a listener, until it is disposed.</summary>
    public static async Task<IAsyncDisposable> ListenToMetersAsync(IReadOnlyList<IPEndPoint> probes)
    {
        var listening = new Listening(probes);
        await listening.RequestAsync(HttpMethod.Put);
        return listening;
    }

    /// <summary>What was done since an earlier look.</summary>
    public IReadOnlyDictionary<string, double> Since(WorkCount earlier) =>
        _totals.ToDictionary(total => total.Key, total => total.Value - earlier._totals.GetValueOrDefault(total.Key));

    private void Add(string name, double value) => _totals[name] = _totals.GetValueOrDefault(name) + value;

    private sealed class Listening(IReadOnlyList<IPEndPoint> probes) : IAsyncDisposable
    {
        public async Task RequestAsync(HttpMethod method)
        {
            foreach (var probe in probes)
            {
                using var request = new HttpRequestMessage(method, new Uri($"http://{probe}/counters/meters"));
                using var response = await Http.SendAsync(request);
                response.EnsureSuccessStatusCode();
            }
        }

        public async ValueTask DisposeAsync() => await RequestAsync(HttpMethod.Delete);
    }
}
