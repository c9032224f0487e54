using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.AdapterClient.Nodes;

/// <summary>
/// Renews the lease of one run until the run is fenced. Sent by the node itself and by nothing else, so that a node which no longer works is not
/// kept alive.
/// </summary>
internal sealed class NodeHeartbeat(ClusterNode node, NodeRun run, TimeSpan lease)
{
    private readonly TaskCompletionSource _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody learnt that the run is fenced.</summary>
    public void ReportFenced() => _fenced.TrySetResult();

    /// <summary>There is something to say that should not wait.</summary>
    public void BeatNow() => Volatile.Read(ref _hurry).TrySetResult();

    /// <summary>Beats until the run is fenced or the token cancelled, which throws.</summary>
    public async Task RunUntilFencedAsync(CancellationToken cancellationToken)
    {
        var interval = lease / 3 < node.Options.HeartbeatInterval ? lease / 3 : node.Options.HeartbeatInterval;
        using var timer = new PeriodicTimer(interval, node.Time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        while (await TryBeatAsync(cancellationToken).ConfigureAwait(false))
        {
            await Task.WhenAny(tick, _fenced.Task, _hurry.Task).ConfigureAwait(false);
            if (_fenced.Task.IsCompleted)
            {
                // Told by a grain before the directory could.
                return;
            }

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
    }

    private async Task<bool> TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sentAt = node.Time.GetTimestamp();
            var reply = await node.Directory.HeartbeatAsync(run.Identity, node.Living.Version, node.Rebuild.Confirmed, node.Participant.OwnAddress)
                .WithinAsync(node.Options.CallTimeout, node.Time, cancellationToken).ConfigureAwait(false);
            // Its news first: what they make wrong must not be used on the strength of the lease that comes with them.
            node.OnDirectoryAnswered(reply.View);
            if (reply.Status != HeartbeatStatus.Renewed)
            {
                return false;
            }

            node.Participant.Routes.Renew(sentAt, lease);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            node.OnDirectoryFailed(exception);
            return true;
        }
    }
}
