using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Relays that do the least that the load needs (<c>benchmarks/BareRelay</c>).</summary>
internal sealed class BareGroup : ServerGroup
{
    public override string Name => "bare relays";

    public static Task<BareGroup> StartAsync(int nodes) => StartAsync(new BareGroup(), async group =>
    {
        var ports = FreePorts.Take(2 * nodes);
        string[] links = [.. ports[nodes..].Select(port => $"{port}")];
        for (var i = 0; i < nodes; i++)
        {
            var process = RunningProcess.StartDotnet(ProgramFiles.BareRelay, [$"{i}", $"{ports[i]}", .. links]);
            group.AddNode(new ServerProcess($"relay {i}", process), ports[i]);
        }

        await group.WhenAllListenAsync();
    });
}
