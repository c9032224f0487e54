using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Membership.Announcing;

/// <summary>
/// Tells the owners of one namespace's rooms which sockets of this node are their members. To each owner one call is under way at a time;
/// what changes meanwhile goes into the next.
/// </summary>
/// <remarks>
/// Keeps rooms by the names under which they travel. Records changes under the
/// holder's lock and its own, in this order; it never holds its own while it calls the holder.
/// </remarks>
internal sealed partial class MembershipAnnouncer : IAnnouncer, IDisposable
{
    private readonly ClusterNode _node;
    private readonly string _namespace;
    private readonly ISocketHolder _holder;
    private readonly ILogger _logger;
    private readonly RoomShards _shards;
    private readonly Lock _lock = new();

    // By shard; null where there is nothing to remember.
    private readonly OwnerAnnouncement?[] _owners = new OwnerAnnouncement?[RoomShardKey.Count];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallTokens _calls;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sizeWatchers;

    public MembershipAnnouncer(ClusterNode node, ISocketHolder holder, ILogger logger)
    {
        _node = node;
        _namespace = holder.Namespace;
        _holder = holder;
        _logger = logger;
        _shards = new RoomShards(node.Participant, _namespace);
        _calls = new CallTokens(node.Participant, _stopping.Token);
    }

    /// <summary>
    /// Nothing is announced before this: the same namespace may still be closing here, and what it says last would be taken for this one's.
    /// </summary>
    public Task StartAfter { get; set; } = Task.CompletedTask;

    private IEnumerable<OwnerAnnouncement> Owners => _owners.OfType<OwnerAnnouncement>();

    private bool Watches => Volatile.Read(ref _sizeWatchers) > 0;

    /// <summary>A socket of this node has joined a room. Called under the holder's lock.</summary>
    public void OnJoined(string socketId, string room)
    {
        room = WireName.Of(room);
        lock (_lock)
        {
            var shard = RoomShardKey.ShardOf(room);
            var owner = _owners[shard] ??= new OwnerAnnouncement(shard);
            owner.Joined(room, socketId);
            Activate(owner, owner.IsRoutedTo(_node.CurrentRun, room) ? Urgency.Patient : Urgency.Urgent);
        }
    }

    /// <summary>A socket of this node has left a room, the last one or not. Called under the holder's lock.</summary>
    public void OnLeft(string socketId, string room, bool isEmpty)
    {
        room = WireName.Of(room);
        lock (_lock)
        {
            // It is there: a socket that leaves had joined, and an owner with members is not forgotten.
            if (OwnerOf(room) is { } owner)
            {
                owner.Left(room, socketId, isEmpty);
                Activate(owner, Urgency.Patient);
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
        var run = _node.CurrentRun;
        lock (_lock)
        {
            foreach (var name in rooms)
            {
                var room = WireName.Of(name);
                if (OwnerOf(room) is { } owner
                    && !owner.IsRoutedTo(run, room)
                    && owner.WhenRouted(room, socketId) is { } routed)
                {
                    (waits ??= []).Add(routed);
                    Activate(owner, Urgency.Urgent);
                }
            }
        }

        return waits is null ? default : new ValueTask(_node.Joins.WaitAsync(Combine(waits), cancellationToken));
    }

    /// <summary>Completes when a room's owner knows all that has happened to the room on this node so far.</summary>
    public Task WhenKnownAsync(string room)
    {
        room = WireName.Of(room);
        lock (_lock)
        {
            if (OwnerOf(room) is not { } owner || owner.WhenAllKnown() is not { } known)
            {
                return Task.CompletedTask;
            }

            Activate(owner, Urgency.Urgent);
            return known;
        }
    }

    /// <summary>Completes when all owners know all that has happened so far.</summary>
    public Task WhenAllKnownAsync()
    {
        List<Task>? waits = null;
        lock (_lock)
        {
            foreach (var owner in Owners)
            {
                if (owner.WhenAllKnown() is { } known)
                {
                    (waits ??= []).Add(known);
                    Activate(owner, Urgency.Urgent);
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

    /// <summary>Asks every owner whether it knows what it should. Nobody waits for that, and joins do not wait behind it.</summary>
    public void Verify()
    {
        lock (_lock)
        {
            foreach (var owner in Owners)
            {
                owner.VerifyNext();
                Activate(owner, Urgency.Patient);
            }
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
            told = [];
            foreach (var owner in Owners)
            {
                told.Add(owner.Verify());
                Activate(owner, Urgency.Urgent);
            }
        }

        return Task.WhenAny(Combine(told), _closed.Task);
    }

    /// <summary>Tells every owner what it has to be told, among it everything after a new registration.</summary>
    public void Announce()
    {
        lock (_lock)
        {
            foreach (var owner in Owners)
            {
                if (owner.HasWork(_node.CurrentRun, Watches))
                {
                    Activate(owner, Urgency.Urgent);
                }
            }
        }
    }

    /// <summary>Tells nobody anything any more.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _calls.End();
        _closed.TrySetResult();
    }

    private OwnerAnnouncement? OwnerOf(string room) => _owners[RoomShardKey.ShardOf(room)];

    private static Task Combine(List<Task> waits) => waits.Count == 1 ? waits[0] : Task.WhenAll(waits);
}
