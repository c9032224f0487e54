using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.AdapterClient.Nodes;

/// <summary>
/// Renews the lease of one run until the run is fenced. Sent by the node itself and by nothing else, so that a node which no longer works is not
/// kept alive.
/// </summary>
/// <remarks>
/// Heartbeats do not wait for one another: one whose answer is lost, with the silo that it went through, would otherwise cost more of the lease than there is.
/// </remarks>
internal sealed class NodeHeartbeat(ClusterNode node, NodeRun run, TimeSpan lease)
{
    // Where an interval is far shorter than a call may take, they must not pile up.
    private const int MaxUnanswered = 16;

    private readonly TaskCompletionSource _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unanswered;

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
        while (!_fenced.Task.IsCompleted)
        {
            if (Volatile.Read(ref _unanswered) < MaxUnanswered)
            {
                _ = BeatAsync(ended.Token);
            }

            await Task.WhenAny(tick, _fenced.Task, _hurry.Task).ConfigureAwait(false);
            if (tick.IsCompleted)
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

    private async Task BeatAsync(CancellationToken ended)
    {
        Interlocked.Increment(ref _unanswered);
        try
        {
            var sentAt = node.Time.GetTimestamp();
            var reply = await node.Directory.HeartbeatAsync(run.Identity, node.Living.Version, node.Rebuild.Confirmed, node.Participant.OwnAddress)
                .WithinAsync(node.Options.CallTimeout, node.Time, ended).ConfigureAwait(false);
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
