using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership;

/// <summary>
/// Renews the lease of one run until the run is fenced. Sent by the node itself and by nothing else, so that a node which no longer works is not
/// kept alive.
/// </summary>
/// <remarks>
/// Heartbeats do not wait for one another: one whose answer is lost, with the silo that it went through, would otherwise cost more of the lease than there is. See
/// docs/decisions, "Heartbeats go round a silo that is silent".
/// </remarks>
internal sealed class NodeHeartbeat(ClusterNode node, NodeRun run, TimeSpan lease)
{
    // Where an interval is far shorter than a call may take, they must not pile up.
    private const int MaxUnanswered = 64;

    // Of so many silos not all have fallen silent.
    private const int RelaysAtOnce = 3;

    private readonly TaskCompletionSource _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly DirectoryRelays _relays = new(node.Participant.Client, node.Time);
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unanswered;
    private Task _relaying = Task.CompletedTask;

    /// <summary>Somebody learnt that the run is fenced.</summary>
    public void ReportFenced() => _fenced.TrySetResult();

    /// <summary>There is something to say that should not wait.</summary>
    public void BeatNow() => Volatile.Read(ref _hurry).TrySetResult();

    /// <summary>Beats until the run is fenced or the token cancelled, which throws.</summary>
    public async Task RunUntilFencedAsync(CancellationToken cancellationToken)
    {
        var interval = lease / 3 < node.Options.HeartbeatInterval ? lease / 3 : node.Options.HeartbeatInterval;
        using var timer = new PeriodicTimer(interval, node.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var isTick = false;
        while (!_fenced.Task.IsCompleted)
        {
            // One that is still unanswered went through a silo that may have fallen silent, and the next would go through the same.
            if (isTick && Volatile.Read(ref _unanswered) > 0 && _relaying.IsCompleted)
            {
                _relaying = BeatByRelaysAsync(ended.Token);
            }

            _ = BeatAsync(relay: null, ended.Token);
            await Task.WhenAny(tick, _fenced.Task, _hurry.Task).ConfigureAwait(false);
            isTick = tick.IsCompleted;
            if (isTick)
            {
                await tick.ConfigureAwait(false);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (_hurry.Task.IsCompleted)
            {
                Volatile.Write(ref _hurry, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        await ended.CancelAsync().ConfigureAwait(false);
    }

    private async Task BeatByRelaysAsync(CancellationToken ended)
    {
        foreach (var relay in await _relays.NextAsync(RelaysAtOnce).ConfigureAwait(false))
        {
            _ = BeatAsync(relay, ended);
        }
    }

    private async Task BeatAsync(IHeartbeatRelayService? relay, CancellationToken ended)
    {
        if (Volatile.Read(ref _unanswered) >= MaxUnanswered)
        {
            return;
        }

        Interlocked.Increment(ref _unanswered);
        try
        {
            var sentAt = node.Time.GetTimestamp();
            var (version, confirmed, stream) = (node.Living.Version, node.Rebuild.Confirmed, node.Participant.OwnAddress);
            var call = relay is null
                ? node.Directory.HeartbeatAsync(run.Identity, version, confirmed, stream)
                : relay.HeartbeatAsync(node.ClusterKey, run.Identity, version, confirmed, stream);
            var reply = await call.WithinAsync(node.Options.CallTimeout, node.Time, ended).ConfigureAwait(false);
            // Its news first: what they make wrong must not be used on the strength of the lease that comes with them.
            node.OnDirectoryAnswered(reply.View);
            if (reply.Status != HeartbeatStatus.Renewed)
            {
                _fenced.TrySetResult();
            }
            else if (!_fenced.Task.IsCompleted)
            {
                node.Participant.Routes.Renew(sentAt, lease);
            }
        }
        catch (Exception exception)
        {
            if (!ended.IsCancellationRequested)
            {
                node.OnDirectoryFailed(exception);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _unanswered);
        }
    }
}
