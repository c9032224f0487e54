using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.Samples.FrontEnd;

/// <summary>Ready is a node that the cluster knows. One that lost the cluster is degraded: it serves its own clients, and stays.</summary>
internal sealed class ClusterHealth(IClusterNode node) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        node.State switch
        {
            ClusterState.Connected => HealthCheckResult.Healthy(),
            ClusterState.Degraded => HealthCheckResult.Degraded("The cluster does not answer."),
            var state => HealthCheckResult.Unhealthy($"The node is {state}."),
        });
}
