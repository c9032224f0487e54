using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;

namespace OrleansRooms.Silo.Http;

/// <summary>
/// Ready is a silo that the cluster counts on. Neither the store nor other silos are asked: while they are away, ending this one as well
/// would help nobody.
/// </summary>
internal sealed class SiloReadiness(ISiloStatusOracle silos, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The silo is stopping.")
        : silos.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy($"The silo is {silos.CurrentStatus}."));
}
