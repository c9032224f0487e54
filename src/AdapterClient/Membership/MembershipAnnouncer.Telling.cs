using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.AdapterClient.Membership;

// When owners are told, and how.
internal sealed partial class MembershipAnnouncer
{
    private void Activate(OwnerAnnouncement owner, Urgency urgency)
    {
        // One that waits patiently may be hurried.
        if (_stopping.IsCancellationRequested || (owner.IsActive && !(owner.Waits == Urgency.Patient && urgency == Urgency.Urgent)))
        {
            return;
        }

        owner.IsActive = true;
        owner.Waits = urgency;
        _node.Announcements.Add(this, owner, urgency);
    }

    void IAnnouncer.Begin(OwnerAnnouncement owner, Urgency urgency)
    {
        bool isItsTurn;
        lock (_lock)
        {
            // Not if it has been hurried and had its turn.
            isItsTurn = owner.Waits == urgency && !_stopping.IsCancellationRequested;
            if (isItsTurn)
            {
                owner.Waits = null;
            }
        }

        if (isItsTurn && StartAfter.IsCompleted && _node.CurrentRun is { } run)
        {
            _ = AnnounceAsync(owner, run, urgency);
            return;
        }

        _node.Announcements.Release(urgency);
        if (isItsTurn)
        {
            _ = GoOnWhenReadyAsync(owner);
        }
    }

    private async Task AnnounceAsync(OwnerAnnouncement owner, NodeRun run, Urgency urgency)
    {
        var isUnreachable = false;
        try
        {
            if (TryBegin(owner, run))
            {
                var outcome = await TryTellAsync(owner).ConfigureAwait(false);
                isUnreachable = outcome is null;
                if (outcome == MembershipOutcome.Fenced)
                {
                    _node.ReportFenced(run);
                }
            }

            if (!isUnreachable)
            {
                owner.Failures = 0;
                GoOn(owner);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing; its members go with the node.
        }
        catch (Exception exception)
        {
            Log.AnnouncerFailed(_logger, _namespace, owner.Shard, exception);
        }

        // Last, because it may begin many others' calls.
        _node.Announcements.Release(urgency);
        if (isUnreachable)
        {
            await GoOnAfterPauseAsync(owner).ConfigureAwait(false);
        }
    }

    private void GoOn(OwnerAnnouncement owner)
    {
        lock (_lock)
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
    }

    private async Task GoOnWhenReadyAsync(OwnerAnnouncement owner)
    {
        try
        {
            await StartAfter.WaitAsync(_stopping.Token).ConfigureAwait(false);
            await _node.WhenRegisteredAsync(_stopping.Token).ConfigureAwait(false);
            GoOn(owner);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing.
        }
    }

    private async Task GoOnAfterPauseAsync(OwnerAnnouncement owner)
    {
        try
        {
            await _node.Recovery.PauseAsync(++owner.Failures, _stopping.Token).ConfigureAwait(false);
            GoOn(owner);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing.
        }
    }

    private bool TryBegin(OwnerAnnouncement owner, NodeRun run)
    {
        string[]? rooms;
        lock (_lock)
        {
            if (!owner.TryBegin(run, Watches, out rooms))
            {
                return false;
            }
        }

        if (rooms is not null)
        {
            var members = new List<(string, IReadOnlyCollection<string>)>(rooms.Length);
            foreach (var room in rooms)
            {
                members.Add((room, Local.LocalMembers(room)));
            }

            lock (_lock)
            {
                owner.SetMembers(members, Watches);
            }
        }

        return true;
    }

    /// <returns><see langword="null"/> when the owner could not be reached.</returns>
    private async Task<MembershipOutcome?> TryTellAsync(OwnerAnnouncement owner)
    {
        MembershipDelta delta;
        lock (_lock)
        {
            delta = owner.Delta;
        }

        try
        {
            var reply = await _shards[owner.Shard].ApplyAsync(delta).WithinAsync(_node.Options.CallTimeout, _node.Time, _stopping.Token).ConfigureAwait(false);
            _node.Metrics.Announced(delta.IsSnapshot);
            var revoking = _node.Revocations.IsDue(reply) ? reply : null;
            AnnouncementBatch? held = null;
            lock (_lock)
            {
                if (reply.Outcome == MembershipOutcome.Applied)
                {
                    held = owner.Applied(revoking);
                }
                else
                {
                    owner.SnapshotNeeded();
                }
            }

            if (revoking is not null || held is not null)
            {
                // Not waited for here: what the owner has to be told next must not wait for a node that is dead.
                _ = RouteAsync(owner, held, revoking);
            }

            return reply.Outcome;
        }
        catch (ArgumentException exception)
        {
            // The same delta would be refused again and again; rather than that, the rooms go without the cluster.
            Log.AnnouncementRefused(_logger, _namespace, owner.Shard, exception);
            lock (_lock)
            {
                owner.Refused();
            }

            return MembershipOutcome.Applied;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _node.ReportFailure(exception);
            return null;
        }
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
            Log.AnnouncerFailed(_logger, _namespace, owner.Shard, exception);
        }
    }
}
