using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Namespaces;

/// <summary>Knows the nodes of one namespace: <see cref="NamespaceNodes"/> as a grain.</summary>
/// <remarks>
/// Calls interleave: each works on the accounts without an await in between, and waiting for the directory holds up nobody else.
/// </remarks>
[GrainType("rooms.namespace")]
[Reentrant]
internal sealed class NamespaceGrain : IGrainBase, INamespaceGrain, INodeDependent
{
    private readonly IGrainRuntime _runtime;
    private readonly RoomsGrainMetrics _metrics;
    private readonly NamespaceNodes _accounts = new();
    private readonly List<NodeIdentity> _runs = [];
    private readonly ClusterNodes _nodes;
    private readonly TimeProvider _time;
    private Completeness _completeness = null!;
    private DirectoryVersion _seen;
    private bool _isKept;

    public NamespaceGrain(
        IGrainContext context, LivingNodes livingNodes, IGrainRuntime runtime, RoomsGrainMetrics metrics, TimeProvider time)
    {
        GrainContext = context;
        _runtime = runtime;
        _metrics = metrics;
        _nodes = livingNodes.Of(NamespaceKey.Parse(context.GrainId.Key.ToString()!).ClusterKey);
        _time = time;
    }

    public IGrainContext GrainContext { get; }

    public Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _completeness = new Completeness(_nodes, _time);
        return Task.CompletedTask;
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _runs.Clear();
        _accounts.CopyRunsTo(_runs);
        _nodes.Release(this, _runs);
        if (!_accounts.IsEmpty)
        {
            // Before Orleans lets another activation come up, which would take what it is told first for everything.
            await _nodes.ReportOwnersLostAsync().WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public ValueTask<bool> ApplyAsync(NamespacePresence presence)
    {
        ArgumentException.ThrowIfNullOrEmpty(presence.Node.Id);
        ArgumentOutOfRangeException.ThrowIfNegative(presence.Sockets);
        var accepted = _accounts.Apply(presence);
        if (accepted && !_nodes.TryDepend(this, presence.Node))
        {
            _accounts.Forget(presence.Node);
            accepted = false;
        }

        if (!accepted)
        {
            _metrics.PresenceFenced();
        }

        Changed();
        return new ValueTask<bool>(accepted);
    }

    public async ValueTask<ImmutableArray<NamespaceNode>> GetNodesAsync(DirectoryVersion knownVersion)
    {
        await _nodes.EnsureAtLeastAsync(knownVersion);
        await _completeness.WhenReachedAsync();
        if (_nodes.Version != _seen)
        {
            // The departures of the new view may still be queued behind this call.
            _seen = _nodes.Version;
            _runs.Clear();
            _accounts.CopyRunsTo(_runs);
            foreach (var run in _runs)
            {
                if (_nodes.IsDeparted(run))
                {
                    _accounts.Forget(run);
                }
            }

            Changed();
        }

        return _accounts.Nodes;
    }

    public ValueTask<NamespaceRoutes> GetRoutesAsync() =>
        _completeness.IsReached
            ? new ValueTask<NamespaceRoutes>(new NamespaceRoutes(_accounts.Nodes, IsComplete: true))
            : GetRoutesWhenReadyAsync();

    void INodeDependent.OnDeparted(NodeIdentity node) => GrainContext.Scheduler.QueueAction(() =>
    {
        _accounts.Forget(node);
        Changed();
    });

    private async ValueTask<NamespaceRoutes> GetRoutesWhenReadyAsync()
    {
        var isComplete = await _completeness.IsReachedForRoutesAsync();
        if (!isComplete)
        {
            _metrics.IncompleteRoutes();
        }

        return new NamespaceRoutes(_accounts.Nodes, isComplete);
    }

    private void Changed()
    {
        if (_isKept == _accounts.IsEmpty)
        {
            // The accounts are held nowhere else.
            _isKept = !_accounts.IsEmpty;
            _runtime.DelayDeactivation(GrainContext, _isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }
}
