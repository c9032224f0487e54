using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansRooms.AdapterClient.Hosting;
using OrleansRooms.Membership;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Lets health checks look at the cluster.</summary>
public static class HealthChecksBuilderOrleansRoomsExtensions
{
    /// <summary>
    /// Reports how the node that <c>AddOrleansAdapter</c> made of this process stands with the cluster. It is
    /// <see cref="HealthStatus.Unhealthy"/> until it has registered, and again as soon as the process is asked to stop, while connections
    /// are still open: a balancer that looks sends it no new clients.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Default: <c>orleansrooms</c>.</param>
    /// <param name="failureStatus">
    /// What to report while the cluster does not answer. Default: <see cref="HealthStatus.Degraded"/>, because the node goes on serving its
    /// own sockets, and restarting or draining it would disconnect them.
    /// </param>
    /// <param name="tags">Tags to filter checks by. Default: <c>ready</c>.</param>
    /// <example>
    /// <code>
    /// builder.Services.AddHealthChecks().AddOrleansRooms();
    /// app.MapHealthChecks("/health");
    /// </code>
    /// </example>
    public static IHealthChecksBuilder AddOrleansRooms(
        this IHealthChecksBuilder builder,
        string name = "orleansrooms",
        HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new ClusterNodeHealthCheck(services.GetRequiredService<IClusterNode>()),
            failureStatus,
            tags ?? ["ready"]));
    }
}
