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
    ISiloStatusOracle silos,
    IOptions<RoomsGrainOptions> options,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<ClusterNodes> logger) : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener, IDisposable
{
    private readonly ConcurrentDictionary<string, ClusterNodes> _clusters = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when this silo begins to stop, before its grains are deactivated.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public ClusterNodes Of(string clusterKey) => _clusters.GetOrAdd(
        clusterKey,
        static (key, self) => self.Create(key),
        this);

    public void Dispose() => _stopping.Dispose();

    /// <summary>
    /// What a dead silo's owners knew is gone. So is its part of Orleans' grain directory, which makes owners on other silos unfindable; and when a
    /// silo comes, parts of that directory change hands.
    /// </summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is not (SiloStatus.Dead or SiloStatus.Active) || updatedSilo.Equals(silos.SiloAddress))
        {
            return;
        }

        var change = status == SiloStatus.Dead ? $"silo {updatedSilo} died" : $"silo {updatedSilo} came";
        foreach (var (_, cluster) in _clusters)
        {
            cluster.OnSiloChanged(change);
        }
    }

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(LivingNodes),
            ServiceLifecycleStage.Active,
            _ =>
            {
                silos.SubscribeToSiloStatusEvents(this);
                return Task.CompletedTask;
            },
            _ =>
            {
                silos.UnSubscribeFromSiloStatusEvents(this);
                return _stopping.CancelAsync();
            });

    private ClusterNodes Create(string clusterKey) =>
        new(grains.GetGrain<INodeDirectoryGrain>(clusterKey), options.Value.ViewPollInterval, metrics, time, logger, _stopping.Token);
}
