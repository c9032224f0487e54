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
/// Calls interleave: each reads or changes the membership without an await in between, and a query that waits for the node directory must
/// not hold up joins and routes.
/// </remarks>
[GrainType("rooms.room-shard")]
[RandomPlacement]
[Reentrant]
[CollectionAgeLimit(Minutes = EmptyMinutes)]
internal sealed class RoomShardGrain : IGrainBase, IRoomShardGrain, INodeDependent
{
    /// <summary>
    /// How long a shard without members and calls stays; long enough for members who come and go not to pay for activations.
    /// </summary>
    internal const double EmptyMinutes = 2;

    private const int MaxListed = 10_000;

    private readonly RoomShardServices _services;
    private readonly RoomShardKey _key;
    private readonly RoomMembership _membership = new();
    private readonly SizeNotices _notices;
    private readonly List<NodeIdentity> _runs = [];
    private readonly ClusterNodes _nodes;

    private Completeness _completeness = null!;
    private RouteHolders? _holders;
    private DirectoryVersion _seen;
    private bool _isKept;
    private bool _isEnding;

    public RoomShardGrain(IGrainContext context, RoomShardServices services)
    {
        GrainContext = context;
        _services = services;
        _key = RoomShardKey.Parse(context.GrainId.Key.ToString()!);
        _notices = new SizeNotices(_membership, _key.ClusterKey, _key.Namespace, services.NoticeSender, services.Time);
        _nodes = services.LivingNodes.Of(_key.ClusterKey);
    }

    public IGrainContext GrainContext { get; }

    // Whether nodes may keep what this owner says of routes.
    private bool LeasesRoutes => _services.Options.Value.RouteLease > TimeSpan.Zero;

    public Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _completeness = new Completeness(_nodes, _services.Time);
        _services.Shards.Add(_key, this);
        return Task.CompletedTask;
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isEnding = true;
        _services.Shards.Remove(_key, this);
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
        if (FaultOf(delta) is { } fault)
        {
            throw new ArgumentException(fault, nameof(delta));
        }

        return TryApply(ref delta) is { } reply ? new ValueTask<MembershipReply>(reply) : ReplyWhenReadyAsync(delta);
    }

    public ValueTask<ImmutableArray<MembershipReply?>> ApplyManyAsync(ImmutableArray<ShardDelta> deltas)
    {
        CheckShards(deltas);
        if (deltas.IsEmpty)
        {
            return new ValueTask<ImmutableArray<MembershipReply?>>([]);
        }

        var replies = new ShardReplies(deltas.Length);
        var own = -1;
        for (var i = 0; i < deltas.Length; i++)
        {
            var (shard, delta) = deltas[i];
            if (shard == _key.Shard)
            {
                own = i;
            }
            else if (_services.Shards.Find(_key with { Shard = shard }) is { } neighbour)
            {
                neighbour.Post(delta, replies, i);
            }
            else
            {
                replies.Set(i, null);
            }
        }

        if (own >= 0)
        {
            Answer(deltas[own].Delta, replies, own);
        }

        return new ValueTask<ImmutableArray<MembershipReply?>>(replies.All);
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

    public async ValueTask<RoomPage> ListAsync(string prefix, string? after, int limit, DirectoryVersion knownVersion)
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

        return !log.TryRead(known, out var changes) ? Whole(log.Position)
            : changes.IsEmpty ? null
            : new RoomNews(log.Position, IsWhole: false, changes);
    }

    private RoomNews Whole(RoomLogPosition position)
    {
        var page = _membership.List("", null, int.MaxValue);
        var rooms = page.Rooms.Select(room => new RoomExistence(room, Exists: true));
        return new RoomNews(position, IsWhole: true, [.. rooms]) { HasMore = page.HasMore };
    }

    // From another owner, and so from another scheduler: lighter than a grain call, and it need not be found.
    private void Post(MembershipDelta delta, ShardReplies replies, int index) =>
        GrainContext.Scheduler.QueueAction(() => Answer(delta, replies, index));

    private void Answer(MembershipDelta delta, ShardReplies replies, int index)
    {
        MembershipReply? reply = null;
        try
        {
            // What comes after the end would be lost without anybody knowing.
            reply = _isEnding || FaultOf(delta) is not null ? null : TryApply(ref delta);
        }
        finally
        {
            replies.Set(index, reply);
        }
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
            : _services.Applied with { Generation = _completeness.Generation ?? long.MaxValue, Lease = _services.Options.Value.RouteLease };

    private MembershipReply ReplyTo(MembershipDelta delta, IReadOnlyList<string>? rerouted) => 
        _holders?.ReplyTo(delta, rerouted) is { } reply ? reply with { Silo = _services.Shards.SiloNumber } : _services.Applied;

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

    /// <param name="delta">What is applied; the last part of a snapshot becomes the whole.</param>
    /// <returns><see langword="null"/> when that has to wait until this owner is complete; the delta has been applied.</returns>
    private MembershipReply? TryApply(ref MembershipDelta delta)
    {
        switch (Apply(ref delta))
        {
            case MembershipOutcome.Fenced:
                _services.Metrics.DeltaFenced();
                return _services.Fenced;
            case MembershipOutcome.SnapshotNeeded:
                _services.Metrics.SnapshotRequested();
                return _services.SnapshotNeeded;
            case MembershipOutcome.Applied when delta.HasMoreParts:
                return _services.Applied;
            default:
                Changed();
                return LeasesRoutes && _completeness.IsReached ? ReplyTo(delta, _membership.Rerouted)
                    : LeasesRoutes && HasJoins(delta) ? null
                    : _services.Applied;
        }
    }

    private MembershipOutcome Apply(ref MembershipDelta delta)
    {
        if (_nodes.IsDeparted(delta.Node))
        {
            return MembershipOutcome.Fenced;
        }

        var outcome = _membership.Apply(ref delta, out var isNewRun);
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

    private string? FaultOf(MembershipDelta delta)
    {
        if (string.IsNullOrEmpty(delta.Node.Id))
        {
            return "The node has no id.";
        }

        if (delta.BaseVersion < MembershipDelta.Snapshot || delta.Version < delta.BaseVersion)
        {
            return $"Nothing leads from version {delta.BaseVersion} to {delta.Version}.";
        }

        if (delta.PartsBefore < 0 || (delta.IsPart && !delta.IsSnapshot))
        {
            return "Only a snapshot comes in parts.";
        }

        foreach (var (room, socketId, _) in delta.Changes)
        {
            if (room is null || string.IsNullOrEmpty(socketId))
            {
                return "A change names no room or no socket.";
            }

            if (RoomShardKey.ShardOf(room) != _key.Shard)
            {
                return $"Room '{room}' does not belong to the grain {GrainContext.GrainId}.";
            }
        }

        return null;
    }

    private static void CheckShards(ImmutableArray<ShardDelta> deltas)
    {
        var seen = 0UL;
        foreach (var (shard, _) in deltas)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(shard, nameof(deltas));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, RoomShardKey.Count, nameof(deltas));
            if ((seen & (1UL << shard)) != 0)
            {
                throw new ArgumentException($"Shard {shard} is named twice.", nameof(deltas));
            }

            seen |= 1UL << shard;
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
