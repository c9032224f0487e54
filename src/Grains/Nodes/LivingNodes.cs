using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Nodes;

/// <summary>What this silo knows of the living nodes, one <see cref="ClusterNodes"/> for every cluster key.</summary>
internal sealed class LivingNodes(
    IGrainFactory grains,
    IOptions<RoomsGrainOptions> options,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<ClusterNodes> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly ConcurrentDictionary<string, ClusterNodes> _clusters = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    public ClusterNodes Of(string clusterKey) => _clusters.GetOrAdd(
        clusterKey,
        static (key, self) => self.Create(key),
        this);

    public void Dispose() => _stopping.Dispose();

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(LivingNodes), ServiceLifecycleStage.Active, _ => Task.CompletedTask, _ => _stopping.CancelAsync());

    private ClusterNodes Create(string clusterKey) =>
        new(grains.GetGrain<INodeDirectoryGrain>(clusterKey), options.Value.ViewPollInterval, metrics, time, logger, _stopping.Token);
}
