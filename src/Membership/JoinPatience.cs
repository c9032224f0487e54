using Microsoft.Extensions.Logging;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership;

/// <summary>How long joins, leaves and new namespaces wait for the cluster to know of them. They never fail for want of the cluster.</summary>
internal sealed partial class JoinPatience(ClusterNode node, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private bool _isLogged;

    /// <summary>The node has left: there is nobody who could know anything.</summary>
    // Asynchronously: what waited goes on elsewhere, not within whoever ends the node.
    public void Left() => _ = _left.CancelAsync();

    /// <summary>Nobody waits any more.</summary>
    public void Dispose() => Left();

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
            // Most callers cannot cancel, and very many may wait at once when clients come back.
            using var both = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token) : null;
            await known.WaitAsync(node.Options.JoinTimeout, node.Time, both?.Token ?? _left.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (known.IsCompleted)
            {
                _isLogged = false;
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        // Completes all the same: a client must not be kept waiting for a silo.
        node.Metrics.JoinDegraded();
        if (!_isLogged && node.State is not ClusterState.Left)
        {
            _isLogged = true;
            Log.JoinsNotKnown(logger, node.NodeId);
        }
    }
}
