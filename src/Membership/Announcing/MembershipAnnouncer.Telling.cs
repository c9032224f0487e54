using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership.Announcing;

// When owners are told, and how.
internal sealed partial class MembershipAnnouncer
{
    private void Activate(OwnerAnnouncement owner, Urgency urgency)
    {
        // While it is being told something, nothing: it is looked at again when that is over.
        if (_stopping.IsCancellationRequested || (owner.IsActive && !owner.IsWaiting))
        {
            return;
        }

        owner.IsActive = true;
        owner.Group.Add(owner, urgency);
        Activate(owner.Group);
    }

    private void Activate(OwnerGroup group)
    {
        if (group.NeedsTurn && !_stopping.IsCancellationRequested)
        {
            group.Turn = group.Urgency;
            _node.Announcements.Add(this, group, group.Urgency);
        }
    }

    void IAnnouncer.Begin(OwnerGroup group, Urgency urgency)
    {
        List<OwnerAnnouncement>? owners = null;
        var run = _node.CurrentRun;
        bool isItsTurn;
        lock (_lock)
        {
            // Not if it has been hurried and had its turn.
            isItsTurn = group.Turn == urgency && !_stopping.IsCancellationRequested;
            if (isItsTurn)
            {
                group.Turn = null;
                group.IsUnderWay = true;
                owners = StartAfter.IsCompleted && run is not null ? TakeWaiting(group, run) : null;
            }
        }

        if (owners is not null)
        {
            _ = AnnounceAsync(group, owners, run!, urgency);
            return;
        }

        _node.Announcements.Release(urgency);
        if (isItsTurn)
        {
            _ = GoOnWhenReadyAsync(group);
        }
    }

    // Snapshots may be large, so each goes alone.
    private List<OwnerAnnouncement> TakeWaiting(OwnerGroup group, NodeRun run)
    {
        var owners = group.Take();
        if (group.Silo is not null)
        {
            for (var i = owners.Count - 1; i >= 0; i--)
            {
                if (owners[i].NeedsSnapshot(run))
                {
                    owners[i].Group = new OwnerGroup(silo: null);
                    GoOn(owners[i]);
                    owners.RemoveAt(i);
                }
            }
        }

        return owners;
    }

    private async Task AnnounceAsync(OwnerGroup group, List<OwnerAnnouncement> owners, NodeRun run, Urgency urgency)
    {
        var isUnreachable = false;
        try
        {
            BeginToTell(owners, run);
            isUnreachable = owners.Count > 0 && !await TryTellAsync(owners, run).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing; its members go with the node.
        }
        catch (Exception exception)
        {
            Log.AnnouncerFailed(_logger, _namespace, exception);
        }

        GoOn(group);
        // Last, because it may begin many others' calls.
        _node.Announcements.Release(urgency);
        if (isUnreachable)
        {
            await GoOnAfterPauseAsync(owners).ConfigureAwait(false);
        }
    }

    private void GoOn(OwnerGroup group)
    {
        lock (_lock)
        {
            group.IsUnderWay = false;
            Activate(group);
        }
    }

    // Under the lock.
    private void GoOn(OwnerAnnouncement owner)
    {
        owner.IsActive = false;
        if (owner.HasWork(_node.CurrentRun, Watches))
        {
            Activate(owner, owner.IsAwaited ? Urgency.Urgent : Urgency.Patient);
        }
        else if (owner.IsForgettable)
        {
            _owners[owner.Shard] = null;
        }
    }

    private async Task GoOnWhenReadyAsync(OwnerGroup group)
    {
        try
        {
            await StartAfter.WaitAsync(_stopping.Token).ConfigureAwait(false);
            await _node.WhenRegisteredAsync(_stopping.Token).ConfigureAwait(false);
            GoOn(group);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing.
        }
    }

    // Each alone from now on: that they cannot be told may be on account of one of them, or of the silo in which they lived.
    private async Task GoOnAfterPauseAsync(List<OwnerAnnouncement> owners)
    {
        var failures = 0;
        foreach (var owner in owners)
        {
            failures = Math.Max(failures, ++owner.Failures);
        }

        try
        {
            await _node.Recovery.PauseAsync(failures, _stopping.Token).ConfigureAwait(false);
            lock (_lock)
            {
                foreach (var owner in owners)
                {
                    owner.Group = new OwnerGroup(silo: null);
                    GoOn(owner);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing.
        }
    }

    // Leaves out those that have nothing to be told.
    private void BeginToTell(List<OwnerAnnouncement> owners, NodeRun run)
    {
        List<(OwnerAnnouncement Owner, string[] Rooms)>? snapshots = null;
        lock (_lock)
        {
            var count = 0;
            long size = 0;
            for (var i = 0; i < owners.Count; i++)
            {
                var owner = owners[i];
                if (size >= CallSize.Target)
                {
                    // With the next call.
                    GoOn(owner);
                    continue;
                }

                if (!owner.TryBegin(run, Watches, out var rooms))
                {
                    owner.Failures = 0;
                    GoOn(owner);
                    continue;
                }

                owners[count++] = owner;
                size += owner.Size;
                if (rooms is not null)
                {
                    (snapshots ??= []).Add((owner, rooms));
                }
            }

            owners.RemoveRange(count, owners.Count - count);
        }

        foreach (var (owner, rooms) in snapshots ?? [])
        {
            var members = new List<(string, IReadOnlyCollection<string>)>(rooms.Length);
            foreach (var room in rooms)
            {
                members.Add((room, _holder.Members(WireName.Read(room))));
            }

            lock (_lock)
            {
                owner.SetMembers(members, Watches);
            }
        }
    }

    /// <returns>Whether the owners could be reached.</returns>
    private async Task<bool> TryTellAsync(List<OwnerAnnouncement> owners, NodeRun run)
    {
        var deltas = new ShardDelta[owners.Count];
        lock (_lock)
        {
            for (var i = 0; i < deltas.Length; i++)
            {
                deltas[i] = new ShardDelta(owners[i].Shard, owners[i].Delta);
            }
        }

        try
        {
            var replies = await TellAsync(deltas).ConfigureAwait(false);
            if (replies.Length != deltas.Length)
            {
                throw new InvalidOperationException($"{deltas.Length} owners of rooms were told in one call, and {replies.Length} answered.");
            }

            _node.Metrics.Announced(deltas[0].Delta.IsSnapshot);
            Take(owners, replies, run);
            return true;
        }
        catch (ArgumentException exception) when (owners.Count == 1)
        {
            // The same delta would be refused again and again; rather than that, the rooms go without the cluster.
            Log.AnnouncementRefused(_logger, _namespace, owners[0].Shard, exception);
            lock (_lock)
            {
                owners[0].Refused();
                GoOn(owners[0]);
            }

            return true;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Owners were lost, perhaps one of these.
            return false;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _node.ReportFailure(exception);
            return false;
        }
    }

    private async ValueTask<ImmutableArray<MembershipReply?>> TellAsync(ShardDelta[] deltas)
    {
        // Of those who live in one silo, any answers for all.
        var owner = _shards[deltas[0].Shard];
        var timeout = _node.Options.CallTimeout;
        var cancelled = _calls.Next;
        return deltas.Length == 1
            ? [await owner.ApplyAsync(deltas[0].Delta).WithinAsync(timeout, _node.Time, cancelled).ConfigureAwait(false)]
            : await owner.ApplyManyAsync(ImmutableCollectionsMarshal.AsImmutableArray(deltas)).WithinAsync(timeout, _node.Time, cancelled).ConfigureAwait(false);
    }

    private void Take(List<OwnerAnnouncement> owners, ImmutableArray<MembershipReply?> replies, NodeRun run)
    {
        List<(OwnerAnnouncement Owner, AnnouncementBatch? Held, MembershipReply? Revoking)>? routed = null;
        var isFenced = false;
        lock (_lock)
        {
            for (var i = 0; i < replies.Length; i++)
            {
                var owner = owners[i];
                owner.Failures = 0;
                if (replies[i] is not { } reply)
                {
                    owner.Group = new OwnerGroup(silo: null);
                    continue;
                }

                owner.Group = GroupOf(owner, reply.Silo);
                isFenced |= reply.Outcome == MembershipOutcome.Fenced;
                if (reply.Outcome != MembershipOutcome.Applied)
                {
                    owner.SnapshotNeeded();
                    continue;
                }

                var revoking = _node.Revocations.IsDue(_namespace, reply) ? reply : null;
                if (owner.Applied(revoking) is var held && (held is not null || revoking is not null))
                {
                    (routed ??= []).Add((owner, held, revoking));
                }
            }
        }

        // Not waited for here: what the owners have to be told next must not wait for a node that is dead.
        foreach (var (owner, held, revoking) in routed ?? [])
        {
            _ = RouteAsync(owner, held, revoking);
        }

        if (isFenced)
        {
            _node.ReportFenced(run);
        }

        lock (_lock)
        {
            foreach (var owner in owners)
            {
                GoOn(owner);
            }
        }
    }

    private OwnerGroup GroupOf(OwnerAnnouncement told, int silo)
    {
        if (told.Group.Silo == silo)
        {
            return told.Group;
        }

        foreach (var owner in silo == 0 ? [] : Owners)
        {
            if (owner.Group.Silo == silo)
            {
                return owner.Group;
            }
        }

        return new OwnerGroup(silo == 0 ? null : silo);
    }

    // Of those who leave nobody waits.
    private async Task RouteAsync(OwnerAnnouncement owner, AnnouncementBatch? held, MembershipReply? reply)
    {
        try
        {
            if (reply is not null)
            {
                await _node.Revocations.RevokeAsync(_namespace, reply, _stopping.Token).ConfigureAwait(false);
            }

            if (held is not null)
            {
                await Task.WhenAll(held.After).WaitAsync(_stopping.Token).ConfigureAwait(false);
                lock (_lock)
                {
                    owner.Routed(held);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested || _node.Ended.IsCancellationRequested)
        {
            // The namespace is closing; its members go with the node.
        }
        catch (Exception exception)
        {
            Log.AnnouncerFailed(_logger, _namespace, exception);
        }
    }
}
