using Microsoft.Extensions.Logging;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.AdapterClient.Nodes;

/// <summary>How long joins, leaves and new namespaces wait for the cluster to know of them. They never fail for want of the cluster.</summary>
internal sealed partial class JoinPatience(ClusterNode node, ILogger logger)
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isLogged;

    /// <summary>The node has left: there is nobody who could know anything.</summary>
    public void Left() => _left.TrySetResult();

    /// <summary>
    /// Waits until the cluster knows something, but not longer than a join may wait, and not at all while the cluster is known to be away.
    /// </summary>
    public async Task WaitAsync(Task known, CancellationToken cancellationToken)
    {
        if (known.IsCompleted)
        {
            return;
        }

        if (node.State is ClusterState.Connected or ClusterState.Starting)
        {
            try
            {
                await Task.WhenAny(known, _left.Task).WaitAsync(node.Options.JoinTimeout, node.Time, cancellationToken).ConfigureAwait(false);
                if (known.IsCompleted)
                {
                    _isLogged = false;
                    return;
                }
            }
            catch (TimeoutException)
            {
                // Completes all the same: a client must not be kept waiting for a silo.
            }
        }

        node.Metrics.JoinDegraded();
        if (!_isLogged && node.State is not ClusterState.Left)
        {
            _isLogged = true;
            Log.JoinsNotKnown(logger, node.NodeId);
        }
    }
}
