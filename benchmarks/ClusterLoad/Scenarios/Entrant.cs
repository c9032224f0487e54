using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>A contender whose servers run and whose clients have joined, and what it has done and cost so far.</summary>
internal sealed class Entrant : IAsyncDisposable
{
    private readonly ServerGroup _servers;
    private readonly Audience _audience;
    private readonly Load _load;
    private readonly double _rate;
    private LoadResult? _result;
    private double _idleCores;

    private Entrant(ServerGroup servers, Audience audience, double rate)
    {
        _servers = servers;
        _audience = audience;
        _load = new Load(servers, audience);
        _rate = rate;
    }

    /// <summary>Of all its turns together.</summary>
    public LoadResult Result => _result ?? throw new InvalidOperationException("It has not had a turn yet.");

    public static async Task<Entrant> EnterAsync(Contender contender)
    {
        var servers = await contender.StartAsync();
        try
        {
            return new Entrant(servers, await Audience.GatherAsync(contender.Shape, servers.Nodes), contender.Rate);
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public Task WarmUpAsync(TimeSpan duration) => _load.WarmUpAsync(_rate, duration);

    /// <summary>Sees what the servers cost while nobody sends.</summary>
    public async Task IdleAsync(TimeSpan duration) => _idleCores = await Idle.CoresAsync(_servers, duration);

    public async Task RunAsync(TimeSpan duration)
    {
        var result = await _load.RunAsync(_rate, duration) with { IdleCores = _idleCores };
        _result = _result is null ? result : _result.And(result);
    }

    public override string ToString() => $"{_servers.Name}, {_servers.Nodes.Count} nodes: {_result}";

    public async ValueTask DisposeAsync()
    {
        _audience.Dispose();
        await _servers.DisposeAsync();
    }
}
