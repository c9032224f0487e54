using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.AdapterClient.Hosting;

/// <summary>
/// How the node stands with the cluster. A node without the cluster goes on serving its own sockets, so it is degraded and not unhealthy:
/// whoever restarts it for that loses the connections of all its clients. One that the cluster does not know yet, or that is leaving, is no
/// place for new clients.
/// </summary>
internal sealed class ClusterNodeHealthCheck(IClusterNode node) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var state = node.State;
        var (status, description) = state switch
        {
            ClusterState.Connected => (HealthStatus.Healthy, "The cluster answers."),
            ClusterState.Starting => (HealthStatus.Unhealthy, "The node has not joined the cluster yet."),
            ClusterState.Left => (HealthStatus.Unhealthy, "The node has left the cluster."),
            _ => (context.Registration.FailureStatus, "The cluster does not answer; sockets of this node are served, the rest waits."),
        };
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["node"] = node.NodeId, ["state"] = state.ToString() };
        return Task.FromResult(new HealthCheckResult(status, description, status == HealthStatus.Healthy ? null : node.LastFailure, data));
    }
}
