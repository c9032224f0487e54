using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    IClusterMembershipService membership,
    IOptions<RoomsGrainOptions> options,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<ClusterNodes> logger) : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener, IDisposable
{
    // While the table cannot be read, no silo can be declared dead either, nor announce its end.
    private static readonly TimeSpan MembershipPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(10);

    // Long enough that those who ask again at once do no harm until the grain goes.
    private static readonly TimeSpan WatchWhileStopping = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, ClusterNodes> _clusters = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    public ClusterNodes Of(string clusterKey) => _clusters.GetOrAdd(
        clusterKey,
        static (key, self) => self.Create(key),
        this);

    /// <summary>
    /// The silos that have ended or are about to, read from the table of Orleans' membership after the call, or as far as this silo knows
    /// while the table cannot be read.
    /// </summary>
    public async Task<ImmutableArray<EndedSilo>> ReadEndedSilosAsync()
    {
        await membership.Refresh(cancellationToken: _stopping.Token).AsTask().WaitAsync(MembershipPatience, time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var ended = ImmutableArray.CreateBuilder<EndedSilo>();
        foreach (var (address, member) in membership.CurrentSnapshot.Members)
        {
            if (member.Status.IsTerminating())
            {
                ended.Add(new EndedSilo(address, member.Status == SiloStatus.Dead));
            }
        }

        return ended.DrainToImmutable();
    }

    /// <summary>
    /// Lets a question to a grain of this silo stay open until there are news, for 10 seconds at most, which is shorter than Orleans lets a
    /// call take. When the silo begins to stop it ends at once: a grain goes only when nobody waits in it any more, and until then nobody
    /// else is answered.
    /// </summary>
    /// <param name="news">Completes when there are news.</param>
    /// <param name="patience">How long the caller is willing to wait; less than nothing is nothing.</param>
    public async Task WhenNewsAsync(Task news, TimeSpan patience)
    {
        var (limit, stopping) = _stopping.IsCancellationRequested
            ? (WatchWhileStopping, CancellationToken.None)
            : (patience < TimeSpan.Zero ? TimeSpan.Zero : patience < LongestWatch ? patience : LongestWatch, _stopping.Token);
        await news.WaitAsync(limit, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>What a dead silo's owners knew is gone.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead || updatedSilo.Equals(silos.SiloAddress))
        {
            return;
        }

        foreach (var (_, cluster) in _clusters)
        {
            cluster.OnSiloDied(updatedSilo);
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
        new(
            grains.GetGrain<INodeDirectoryGrain>(clusterKey), ReadEndedSilosAsync, options.Value.ViewPollInterval, metrics, time, logger,
            _stopping.Token);
}
