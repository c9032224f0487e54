using Microsoft.Extensions.Logging;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Membership;

/// <summary>
/// One namespace of a node in the cluster: the holder of its sockets says here what changes, and the owners of the rooms and the
/// namespace's grain are told. Belongs to its holder, which opens and closes it.
/// </summary>
internal sealed class NodeNamespace : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly MembershipAnnouncer _members;
    private readonly PresenceAnnouncer _presence;
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeNamespace(ClusterNode node, ISocketHolder holder)
    {
        _node = node;
        Holder = holder;
        _members = new MembershipAnnouncer(node, holder, node.Loggers.CreateLogger<MembershipAnnouncer>());
        _presence = new PresenceAnnouncer(node, holder.Namespace);
        Publisher = node.Participant.OpenPublisher(holder.Namespace);
    }

    public string Name => Holder.Namespace;

    public ISocketHolder Holder { get; }

    /// <summary>Sends what concerns the namespace to other nodes, in order.</summary>
    public Publisher Publisher { get; }

    /// <summary>Cancelled when the node has left or the namespace is closed: nothing is told or heard any more.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Completes when the namespace is closed here and the cluster knows.</summary>
    public Task Gone => _gone.Task;

    /// <summary>
    /// Opens the namespace on the node, and starts the node with its first. Completes when the cluster knows, or when that has taken as
    /// long as a join may take.
    /// </summary>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        var predecessor = _node.Add(this);
        _members.StartAfter = predecessor;
        _presence.StartAfter = predecessor;
        _node.Start();
        _presence.Open();
        return _node.Joins.WaitAsync(_presence.WhenPresentAsync(), cancellationToken);
    }

    /// <inheritdoc cref="PresenceAnnouncer.SetSockets"/>
    public void SetSockets(int sockets) => _presence.SetSockets(sockets);

    /// <inheritdoc cref="MembershipAnnouncer.OnJoined"/>
    public void OnJoined(string socketId, string room) => _members.OnJoined(socketId, room);

    /// <inheritdoc cref="MembershipAnnouncer.OnLeft"/>
    public void OnLeft(string socketId, string room, bool isEmpty) => _members.OnLeft(socketId, room, isEmpty);

    /// <summary>
    /// Completes when broadcasts to the namespace and to these rooms come to this node on account of the socket, or no longer do.
    /// </summary>
    public ValueTask WhenRoutedAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        var routed = _members.WhenRoutedAsync(socketId, rooms, cancellationToken);
        return _presence.WhenRouted() is { } present
            ? new ValueTask(Task.WhenAll(routed.AsTask(), _node.Joins.WaitAsync(present, cancellationToken)))
            : routed;
    }

    /// <inheritdoc cref="MembershipAnnouncer.WhenKnownAsync"/>
    public Task WhenKnownAsync(string room) => _members.WhenKnownAsync(room);

    /// <inheritdoc cref="PresenceAnnouncer.WhenPresentAsync"/>
    public Task WhenPresentAsync() => _presence.WhenPresentAsync();

    /// <inheritdoc cref="MembershipAnnouncer.WatchSizes"/>
    public void WatchSizes() => _members.WatchSizes();

    /// <inheritdoc cref="MembershipAnnouncer.StopWatchingSizes"/>
    public void StopWatchingSizes() => _members.StopWatchingSizes();

    /// <summary>Tells the owners what they have to be told; see <see cref="MembershipAnnouncer.Announce"/>.</summary>
    public void Announce()
    {
        _presence.Repeat();
        _members.Announce();
    }

    /// <summary>Asks the owners whether they know what they should; see <see cref="MembershipAnnouncer.Verify"/>.</summary>
    public void Verify()
    {
        _presence.Repeat();
        _members.Verify();
    }

    /// <summary>Tells the owners everything again; completes when all have been told, or the namespace is closed.</summary>
    public Task TellEverythingAgainAsync() => Task.WhenAll(_presence.RepeatAsync(), _members.VerifyAsync());

    /// <summary>
    /// Tells the owners nothing more, and hears nothing more of them, because the node has left or the namespace is closed.
    /// </summary>
    public void StopAnnouncing()
    {
        _leaving.Cancel();
        _members.Dispose();
        _presence.Dispose();
    }

    /// <summary>Closes the namespace on the node. Completes when the cluster knows, or when a stopping node waits no longer.</summary>
    public async ValueTask DisposeAsync()
    {
        // Without a registration nobody knows anything of this node; after its goodbye nobody wants to. What was sent still goes out.
        var told = _node.State == ClusterState.Left ? _node.WhenSentAsync()
            : _node.CurrentRun is null ? Task.CompletedTask
            : Task.WhenAll(_members.WhenAllKnownAsync(), _presence.CloseAsync(), _node.WhenSentAsync());
        await FinishAsync(told).WaitAsync(_node.Options.ShutdownTimeout, _node.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Goes on in the background if the cluster takes long, for as long as the node lives: owners that never hear of the leaving would keep
    // sending.
    private async Task FinishAsync(Task told)
    {
        await told.WaitAsync(_node.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        StopAnnouncing();
        Publisher.Dispose();
        _node.Remove(this);
        _gone.SetResult();
    }
}
