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

    /// <summary>Somebody learnt that the run is fenced.</summary>
    public void ReportFenced() => _fenced.TrySetResult();

    /// <summary>Beats until the run is fenced or the token cancelled, which throws.</summary>
    public async Task RunUntilFencedAsync(CancellationToken cancellationToken)
    {
        var interval = lease / 3 < node.Options.HeartbeatInterval ? lease / 3 : node.Options.HeartbeatInterval;
        using var timer = new PeriodicTimer(interval, node.Time);
        while (await TryBeatAsync(cancellationToken).ConfigureAwait(false))
        {
            var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            await Task.WhenAny(tick, _fenced.Task).ConfigureAwait(false);
            if (_fenced.Task.IsCompleted)
            {
                // Told by a grain before the directory could.
                return;
            }

            await tick.ConfigureAwait(false);
        }
    }

    private async Task<bool> TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reply = await node.Directory.HeartbeatAsync(run.Identity, node.Living.Version)
                .WithinAsync(node.Options.CallTimeout, node.Time, cancellationToken).ConfigureAwait(false);
            node.OnDirectoryAnswered(reply.View);
            return reply.Status == HeartbeatStatus.Renewed;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            node.OnDirectoryFailed(exception);
            return true;
        }
    }
}
