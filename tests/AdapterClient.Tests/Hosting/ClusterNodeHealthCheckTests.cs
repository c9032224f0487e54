using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansRooms.AdapterClient.Hosting;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.AdapterClient.Tests.Hosting;

public sealed class ClusterNodeHealthCheckTests
{
    [Theory]
    [InlineData(ClusterState.Starting, HealthStatus.Degraded, HealthStatus.Unhealthy)]
    [InlineData(ClusterState.Connected, HealthStatus.Degraded, HealthStatus.Healthy)]
    [InlineData(ClusterState.Degraded, HealthStatus.Degraded, HealthStatus.Degraded)]
    [InlineData(ClusterState.Degraded, HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(ClusterState.Left, HealthStatus.Degraded, HealthStatus.Unhealthy)]
    public async Task State_IsReported_AndOnlyAnAbsentClusterAsTheApplicationWants(
        ClusterState state, HealthStatus wanted, HealthStatus reported)
    {
        var check = new ClusterNodeHealthCheck(new Node(state));
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("rooms", check, wanted, tags: null) };

        var result = await check.CheckHealthAsync(context);

        Assert.Equal(reported, result.Status);
        Assert.Equal(("n", state.ToString()), (result.Data["node"], result.Data["state"]));
    }

    private sealed record Node(ClusterState State) : IClusterNode
    {
        public string NodeId => "n";

        public Exception? LastFailure => null;
    }
}
