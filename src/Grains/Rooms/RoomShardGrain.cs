using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Owns the rooms of one shard of a namespace: <see cref="RoomMembership"/> as a grain.</summary>
/// <remarks>
/// Calls interleave: each reads or changes the membership without an await in between, and a query that waits for the node directory must not
/// hold up joins and routes.
/// </remarks>
[GrainType("rooms.room-shard")]
[RandomPlacement]
[Reentrant]
[CollectionAgeLimit(Minutes = EmptyMinutes)]
internal sealed class RoomShardGrain : IGrainBase, IRoomShardGrain, INodeDependent
{
    /// <summary>How long a shard without members and calls stays; long enough for members who come and go not to pay for activations.</summary>
    internal const double EmptyMinutes = 2;

    private const int MaxListed = 10_000;

    private static readonly MembershipReply Applied = new(MembershipOutcome.Applied);
    private static readonly MembershipReply SnapshotNeeded = new(MembershipOutcome.SnapshotNeeded);
    private static readonly MembershipReply Fenced = new(MembershipOutcome.Fenced);

    private readonly RoomShardServices _services;
    private readonly RoomShardKey _key;
    private readonly RoomMembership _membership = new();
    private readonly SizeNotices _notices;
    private readonly List<NodeIdentity> _runs = [];
    private readonly ClusterNodes _nodes;
    private readonly Completeness _completeness;

    private RouteHolders? _holders;
    private DirectoryVersion _seen;
    private bool _isKept;

    public RoomShardGrain(IGrainContext context, RoomShardServices services)
    {
        GrainContext = context;
        _services = services;
        _key = RoomShardKey.Parse(context.GrainId.Key.ToString()!);
        _notices = new SizeNotices(_membership, _key.ClusterKey, _key.Namespace, services.NoticeSender, services.Time);
        _nodes = services.LivingNodes.Of(_key.ClusterKey);
        _completeness = new Completeness(_nodes, services.Time);
    }

    public IGrainContext GrainContext { get; }

    // Whether nodes may keep what this owner says of routes.
    private bool LeasesRoutes => _services.Options.Value.RouteLease > TimeSpan.Zero;

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _notices.Stop();
        _runs.Clear();
        _membership.CopyRunsTo(_runs);
        _nodes.Release(this, _runs);
        if (!_membership.IsEmpty || _holders is { IsAnyHeld: true })
        {
            // Before Orleans lets another activation come up, which would take what it is told first for everything.
            await _nodes.ReportOwnersLostAsync().WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public ValueTask<MembershipReply> ApplyAsync(MembershipDelta delta)
    {
        Check(delta);
        switch (Apply(delta))
        {
            case MembershipOutcome.Fenced:
                _services.Metrics.DeltaFenced();
                return new ValueTask<MembershipReply>(Fenced);
            case MembershipOutcome.SnapshotNeeded:
                _services.Metrics.SnapshotRequested();
                return new ValueTask<MembershipReply>(SnapshotNeeded);
            default:
                Changed();
                return !LeasesRoutes ? new ValueTask<MembershipReply>(Applied)
                    : _completeness.IsReached ? new ValueTask<MembershipReply>(ReplyTo(delta, _membership.Rerouted))
                    : HasJoins(delta) ? ReplyWhenReadyAsync(delta)
                    : new ValueTask<MembershipReply>(Applied);
        }
    }

    public ValueTask<RoomRoutes> GetNodesAsync(ImmutableArray<string> rooms) =>
        _completeness.IsReached ? new ValueTask<RoomRoutes>(RoutesOf(rooms, isComplete: true)) : GetNodesWhenReadyAsync(rooms);

    public ValueTask<RoomRoutes> LeaseNodesAsync(ImmutableArray<string> rooms, NodeIdentity holder)
    {
        ArgumentException.ThrowIfNullOrEmpty(holder.Id);
        return _completeness.IsReached ? new ValueTask<RoomRoutes>(LeaseRoutesOf(rooms, holder)) : LeaseNodesWhenReadyAsync(rooms, holder);
    }

    public async ValueTask<int> GetSizeAsync(string room, DirectoryVersion knownVersion)
    {
        await CatchUpAsync(knownVersion);
        return _membership.SizeOf(room);
    }

    public async ValueTask<ImmutableArray<RoomMember>> GetMembersAsync(string room, DirectoryVersion knownVersion)
    {
        await CatchUpAsync(knownVersion);
        return _membership.MembersOf(room);
    }

    public async ValueTask<bool> ContainsAsync(string room, string socketId, DirectoryVersion knownVersion)
    {
        await CatchUpAsync(knownVersion);
        return _membership.Contains(room, socketId);
    }

    public async ValueTask<ImmutableArray<string>> ListAsync(string prefix, string? after, int limit, DirectoryVersion knownVersion)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
        await CatchUpAsync(knownVersion);
        return _membership.List(prefix, after, limit);
    }

    public async ValueTask<RoomNews?> WatchAsync(RoomLogPosition known, TimeSpan patience)
    {
        // A room that some node has yet to speak of has not gone.
        await CatchUpAsync(default);
        var log = _membership.Log ??= new RoomLog();
        if (log.Position == known)
        {
            await _services.LivingNodes.WhenNewsAsync(log.News, patience);
        }

        return !log.TryRead(known, out var changes) ? new RoomNews(log.Position, IsWhole: true, _membership.ListAll())
            : changes.IsEmpty ? null
            : new RoomNews(log.Position, IsWhole: false, changes);
    }

    void INodeDependent.OnDeparted(NodeIdentity node) => GrainContext.Scheduler.QueueAction(() =>
    {
        if (_membership.Forget(node))
        {
            Changed();
        }
    });

    private async ValueTask<RoomRoutes> GetNodesWhenReadyAsync(ImmutableArray<string> rooms)
    {
        var isComplete = await _completeness.IsReachedForRoutesAsync();
        if (!isComplete)
        {
            _services.Metrics.IncompleteRoutes();
        }

        return RoutesOf(rooms, isComplete);
    }

    private async ValueTask<RoomRoutes> LeaseNodesWhenReadyAsync(ImmutableArray<string> rooms, NodeIdentity holder)
    {
        var routes = await GetNodesWhenReadyAsync(rooms);
        return routes.IsComplete ? LeaseRoutesOf(rooms, holder) : routes;
    }

    // A run that has departed is not waited for by those who revoke.
    private RoomRoutes LeaseRoutesOf(ImmutableArray<string> rooms, NodeIdentity holder)
    {
        var routes = RoutesOf(rooms, isComplete: true);
        if (!LeasesRoutes || _nodes.IsDeparted(holder))
        {
            return routes;
        }

        var lease = _services.Options.Value.RouteLease;
        _holders ??= new RouteHolders(lease, _services.Time);
        TimeSpan[]? leases = null;
        for (var i = 0; i < rooms.Length; i++)
        {
            if (_holders.TryLease(rooms[i], routes.Nodes[i], holder))
            {
                leases ??= new TimeSpan[rooms.Length];
                leases[i] = lease;
            }
        }

        return leases is null ? routes : routes with { Leases = ImmutableCollectionsMarshal.AsImmutableArray(leases) };
    }

    // Who may keep what a former activation answered is known only when the generation is, and nobody does any more when that is settled.
    private async ValueTask<MembershipReply> ReplyWhenReadyAsync(MembershipDelta delta) =>
        await _completeness.IsReachedForRoutesAsync()
            ? ReplyTo(delta, rerouted: null)
            : Applied with { Generation = _completeness.Generation ?? long.MaxValue, Lease = _services.Options.Value.RouteLease };

    private MembershipReply ReplyTo(MembershipDelta delta, IReadOnlyList<string>? rerouted) => _holders?.ReplyTo(delta, rerouted) ?? Applied;

    private static bool HasJoins(MembershipDelta delta)
    {
        foreach (var change in delta.Changes)
        {
            if (change.Joined)
            {
                return true;
            }
        }

        return false;
    }

    private RoomRoutes RoutesOf(ImmutableArray<string> rooms, bool isComplete)
    {
        var nodes = ImmutableArray.CreateBuilder<ImmutableArray<NodeIdentity>>(rooms.Length);
        foreach (var room in rooms)
        {
            nodes.Add(_membership.NodesOf(room));
        }

        return new RoomRoutes(nodes.MoveToImmutable(), isComplete);
    }

    private MembershipOutcome Apply(MembershipDelta delta)
    {
        if (_nodes.IsDeparted(delta.Node))
        {
            return MembershipOutcome.Fenced;
        }

        var outcome = _membership.Apply(delta, out var isNewRun);
        // An owner that knows less than the node told it was activated since, which is no divergence.
        if (outcome == MembershipOutcome.SnapshotNeeded && delta.IsVerification && _membership.IsAt(delta))
        {
            _services.Metrics.DivergenceFound();
        }

        if (isNewRun && !_nodes.TryDepend(this, delta.Node))
        {
            // It departed between the two lines above.
            _membership.Forget(delta.Node);
            return MembershipOutcome.Fenced;
        }

        return outcome;
    }

    private void Check(MembershipDelta delta)
    {
        ArgumentException.ThrowIfNullOrEmpty(delta.Node.Id);
        ArgumentOutOfRangeException.ThrowIfLessThan(delta.BaseVersion, MembershipDelta.Snapshot);
        ArgumentOutOfRangeException.ThrowIfLessThan(delta.Version, delta.BaseVersion);
        foreach (var change in delta.Changes)
        {
            ArgumentException.ThrowIfNullOrEmpty(change.SocketId);
            ArgumentNullException.ThrowIfNull(change.Room);
            if (RoomShardKey.ShardOf(change.Room) != _key.Shard)
            {
                throw new ArgumentException($"Room '{change.Room}' does not belong to the grain {GrainContext.GrainId}.", nameof(delta));
            }
        }
    }

    private async ValueTask CatchUpAsync(DirectoryVersion knownVersion)
    {
        await _nodes.EnsureAtLeastAsync(knownVersion);
        await _completeness.WhenReachedAsync();
        if (_nodes.Version == _seen)
        {
            return;
        }

        // The departures of the new view may still be queued behind this call.
        _seen = _nodes.Version;
        _runs.Clear();
        _membership.CopyRunsTo(_runs);
        var dropped = false;
        foreach (var run in _runs)
        {
            dropped |= _nodes.IsDeparted(run) && _membership.Forget(run);
        }

        if (dropped)
        {
            Changed();
        }
    }

    private void Changed()
    {
        _notices.Flush();
        if (_isKept == _membership.IsEmpty)
        {
            // Members are held nowhere else: an owner is collected when idle only while it has none.
            _isKept = !_membership.IsEmpty;
            _services.Runtime.DelayDeactivation(GrainContext, _isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }
}
