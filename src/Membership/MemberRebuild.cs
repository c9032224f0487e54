using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership;

/// <summary>
/// Tells the owners everything again when the directory says that some may have lost it, and then confirms so. Thread-safe.
/// </summary>
/// <remarks>
/// See docs/decisions, "Rebuild by generations". Owners that still know everything compare a digest and say so; the others get a snapshot.
/// </remarks>
internal sealed partial class MemberRebuild(ClusterNode node, ILogger logger)
{
    // After a silo's death Orleans drops owners on other silos too, a moment later than it says so. What is told to those is lost with them, so it
    // is better told afterwards; a straggler raises the generation once more.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private long _generation;
    private long _confirmed;
    private bool _isRunning;

    /// <summary>The last generation that is confirmed.</summary>
    public long Confirmed => Volatile.Read(ref _confirmed);

    /// <summary>A run begins, under which nobody was told anything yet.</summary>
    public void Begin(long generation)
    {
        lock (_lock)
        {
            _generation = _confirmed = generation;
        }
    }

    /// <summary>Begins if the generation has risen.</summary>
    public void OnView(DirectoryView view)
    {
        lock (_lock)
        {
            if (view.Generation <= _generation)
            {
                return;
            }

            _generation = view.Generation;
            if (_isRunning || node.Stopping.IsCancellationRequested)
            {
                return;
            }

            _isRunning = true;
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Delay, node.Time, node.Stopping).ConfigureAwait(false);
                var generation = Volatile.Read(ref _generation);
                var run = await node.WhenRegisteredAsync(node.Stopping).ConfigureAwait(false);
                var since = node.Time.GetTimestamp();
                Log.Telling(logger, node.NodeId, generation);
                await node.TellEverythingAgainAsync().WaitAsync(node.Stopping).ConfigureAwait(false);
                node.Metrics.Rebuilt(node.Time.GetElapsedTime(since));
                if (!TryConfirm(generation, run))
                {
                    continue;
                }

                node.BeatNow();
                return;
            }
        }
        catch (OperationCanceledException) when (node.Stopping.IsCancellationRequested)
        {
            // The node is going, and all it holds with it.
        }
    }

    // A generation that has risen meanwhile is begun again at once; what was told counts for the former.
    private bool TryConfirm(long generation, NodeRun run)
    {
        lock (_lock)
        {
            if (node.CurrentRun == run)
            {
                _confirmed = Math.Max(_confirmed, generation);
            }

            _isRunning = _generation > _confirmed;
            return !_isRunning;
        }
    }
}
