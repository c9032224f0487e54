using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Publishing.Cluster;
using OrleansRooms.Publishing.Routing;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Membership;

/// <summary>
/// Tells the owners of one namespace's rooms which sockets of this node are their members. To each owner one call is under way at a time;
/// what changes meanwhile goes into the next.
/// </summary>
/// <remarks>
/// Records changes under the local adapter's lock and its own, in this order; it never holds its own while it calls the local adapter.
/// </remarks>
internal sealed partial class MembershipAnnouncer(ClusterNode node, string ns, ILogger logger) : IMembershipObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerKey, OwnerAnnouncement> _owners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InMemoryAdapter? _local;
    private int _sizeWatchers;

    /// <summary>Where the members are; set once, before anything changes.</summary>
    public InMemoryAdapter Local
    {
        get => _local ?? throw new InvalidOperationException("The announcer has not been given the local adapter.");
        set => _local = value;
    }

    /// <summary>
    /// Nothing is announced before this: an adapter of the same namespace that is still closing would have what it says last taken for this one's.
    /// </summary>
    public Task StartAfter { get; set; } = Task.CompletedTask;

    private bool Watches => Volatile.Read(ref _sizeWatchers) > 0;

    /// <inheritdoc/>
    public void OnSocketCountChanged(int sockets)
    {
    }

    /// <inheritdoc/>
    public void OnJoined(string socketId, string room, int size)
    {
        lock (_lock)
        {
            Joined(OwnerKey.Of(node.ClusterKey, ns, room), room, socketId);
            if (size == 1 && RoomIndexKey.Lists(room))
            {
                // Nobody waits for the index.
                Joined(OwnerKey.OfIndex(node.ClusterKey, ns, room), room, RoomIndexKey.Marker);
            }
        }
    }

    /// <inheritdoc/>
    public void OnLeft(string socketId, string room, int size)
    {
        lock (_lock)
        {
            Left(OwnerKey.Of(node.ClusterKey, ns, room), room, socketId, isEmpty: size == 0);
            if (size == 0 && RoomIndexKey.Lists(room))
            {
                Left(OwnerKey.OfIndex(node.ClusterKey, ns, room), room, RoomIndexKey.Marker, isEmpty: true);
            }
        }
    }

    /// <summary>
    /// Completes when broadcasts to the rooms come to this node on account of the socket, or no longer do. Joining a room in which other sockets
    /// of the node are known to be takes no time.
    /// </summary>
    public ValueTask WhenRoutedAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        List<Task>? waits = null;
        var run = node.CurrentRun;
        lock (_lock)
        {
            foreach (var room in rooms)
            {
                if (_owners.TryGetValue(OwnerKey.Of(node.ClusterKey, ns, room), out var owner)
                    && !owner.IsRoutedTo(run)
                    && owner.WhenKnown(room, socketId) is { } known)
                {
                    (waits ??= []).Add(known);
                }
            }
        }

        return waits is null ? default : new ValueTask(node.Joins.WaitAsync(Combine(waits), cancellationToken));
    }

    /// <summary>Completes when a room's owner knows all that has happened to the room on this node so far.</summary>
    public Task WhenKnownAsync(string room)
    {
        lock (_lock)
        {
            return _owners.TryGetValue(OwnerKey.Of(node.ClusterKey, ns, room), out var owner) && owner.WhenAllKnown() is { } known
                ? known
                : Task.CompletedTask;
        }
    }

    /// <summary>Completes when all owners know all that has happened so far.</summary>
    public Task WhenAllKnownAsync()
    {
        List<Task>? waits = null;
        lock (_lock)
        {
            foreach (var owner in _owners.Values)
            {
                if (owner.WhenAllKnown() is { } known)
                {
                    (waits ??= []).Add(known);
                }
            }
        }

        return waits is null ? Task.CompletedTask : Combine(waits);
    }

    /// <summary>From now on asks the owners to report sizes to this node; the last <see cref="StopWatchingSizes"/> ends it.</summary>
    public void WatchSizes()
    {
        if (Interlocked.Increment(ref _sizeWatchers) == 1)
        {
            Announce();
        }
    }

    /// <summary>Ends one <see cref="WatchSizes"/>.</summary>
    public void StopWatchingSizes()
    {
        if (Interlocked.Decrement(ref _sizeWatchers) == 0)
        {
            Announce();
        }
    }

    /// <summary>
    /// Tells every owner what it has not been told yet, and asks those that should know everything whether they do. Completes when all have answered
    /// something that was said after the call, or the namespace is closed.
    /// </summary>
    public Task VerifyAsync()
    {
        List<Task> told;
        lock (_lock)
        {
            told = new List<Task>(_owners.Count);
            foreach (var owner in _owners.Values)
            {
                told.Add(owner.Verify());
                Activate(owner);
            }
        }

        return Task.WhenAny(Combine(told), _closed.Task);
    }

    /// <summary>Tells every owner what it has to be told, among it everything after a new registration.</summary>
    public void Announce()
    {
        lock (_lock)
        {
            foreach (var owner in _owners.Values)
            {
                if (owner.HasWork(node.CurrentRun, WatchesAt(owner)))
                {
                    Activate(owner);
                }
            }
        }
    }

    /// <summary>Tells nobody anything any more.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _closed.TrySetResult();
    }

    private void Joined(OwnerKey key, string room, string socketId)
    {
        if (!_owners.TryGetValue(key, out var owner))
        {
            owner = new OwnerAnnouncement(key);
            _owners.Add(key, owner);
        }

        owner.Joined(room, socketId);
        Activate(owner);
    }

    private void Left(OwnerKey key, string room, string socketId, bool isEmpty)
    {
        // It is there: a socket that leaves had joined, and an owner with members is not forgotten.
        if (_owners.TryGetValue(key, out var owner))
        {
            owner.Left(room, socketId, isEmpty);
            Activate(owner);
        }
    }

    // The index has no sizes.
    private bool WatchesAt(OwnerAnnouncement owner) => Watches && !owner.Key.IsIndex;

    private IReadOnlyCollection<string> MembersAt(OwnerAnnouncement owner, string room) =>
        !owner.Key.IsIndex ? Local.LocalMembers(room)
        : Local.LocalRoomSize(room) > 0 ? [RoomIndexKey.Marker]
        : [];

    private static Task Combine(List<Task> waits) => waits.Count == 1 ? waits[0] : Task.WhenAll(waits);

    private void Activate(OwnerAnnouncement owner)
    {
        if (owner.IsActive || _stopping.IsCancellationRequested)
        {
            return;
        }

        owner.IsActive = true;
        // Elsewhere, because the caller may hold the local adapter's lock.
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Announcer.AnnounceAsync(state.Owner), (Announcer: this, Owner: owner), preferLocal: false);
    }

    private async Task AnnounceAsync(OwnerAnnouncement owner)
    {
        var failures = 0;
        try
        {
            await StartAfter.WaitAsync(_stopping.Token).ConfigureAwait(false);
            while (true)
            {
                var run = await node.WhenRegisteredAsync(_stopping.Token).ConfigureAwait(false);
                if (!TryBegin(owner, run))
                {
                    return;
                }

                var outcome = await TryTellAsync(owner, failures + 1).ConfigureAwait(false);
                failures = outcome is null ? failures + 1 : 0;
                if (outcome == MembershipOutcome.Fenced)
                {
                    node.ReportFenced(run);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closing; its members go with the node.
        }
        catch (Exception exception)
        {
            Log.AnnouncerFailed(logger, ns, owner.Key.Room, exception);
        }
    }

    private bool TryBegin(OwnerAnnouncement owner, NodeRun run)
    {
        string[]? rooms;
        lock (_lock)
        {
            if (!owner.TryBegin(run, WatchesAt(owner), out rooms))
            {
                owner.IsActive = false;
                if (owner.IsForgettable)
                {
                    _owners.Remove(owner.Key);
                }

                return false;
            }
        }

        if (rooms is not null)
        {
            var members = new List<(string, IReadOnlyCollection<string>)>(rooms.Length);
            foreach (var room in rooms)
            {
                members.Add((room, MembersAt(owner, room)));
            }

            lock (_lock)
            {
                owner.SetMembers(members, WatchesAt(owner));
            }
        }

        return true;
    }

    /// <returns><see langword="null"/> when the owner could not be reached; it was waited for a while then.</returns>
    private async Task<MembershipOutcome?> TryTellAsync(OwnerAnnouncement owner, int attempt)
    {
        MembershipDelta delta;
        lock (_lock)
        {
            delta = owner.Delta;
        }

        try
        {
            var outcome = await CallAsync(owner.Key, delta).ConfigureAwait(false);
            lock (_lock)
            {
                if (outcome == MembershipOutcome.Applied)
                {
                    owner.Applied();
                }
                else
                {
                    owner.SnapshotNeeded();
                }
            }

            return outcome;
        }
        catch (ArgumentException exception)
        {
            // The same delta would be refused again and again; rather than that, the room goes without the cluster.
            Log.AnnouncementRefused(logger, ns, owner.Key.Room, exception);
            lock (_lock)
            {
                owner.Refused();
            }

            return MembershipOutcome.Applied;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            node.ReportFailure(exception);
            await node.Recovery.PauseAsync(attempt, _stopping.Token).ConfigureAwait(false);
            return null;
        }
    }

    private async Task<MembershipOutcome> CallAsync(OwnerKey key, MembershipDelta delta)
    {
        await node.AnnouncementSlots.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            var outcome = await key.Grain(node.Grains, node.ClusterKey, ns).ApplyAsync(delta)
                .WithinAsync(node.Options.CallTimeout, node.Time, _stopping.Token).ConfigureAwait(false);
            node.Metrics.Announced(delta.IsSnapshot);
            return outcome;
        }
        finally
        {
            node.AnnouncementSlots.Release();
        }
    }
}
