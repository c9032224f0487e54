using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansRooms.Silo.Http;

namespace OrleansRooms.Silo.Tests;

public sealed class SiloReadinessTests : IDisposable
{
    private readonly Lifetime _lifetime = new();

    public void Dispose() => _lifetime.Dispose();

    [Theory]
    [InlineData(SiloStatus.Joining, HealthStatus.Unhealthy)]
    [InlineData(SiloStatus.Active, HealthStatus.Healthy)]
    [InlineData(SiloStatus.ShuttingDown, HealthStatus.Unhealthy)]
    public async Task Silo_IsReadyWhileTheClusterCountsOnIt(SiloStatus status, HealthStatus reported) =>
        Assert.Equal(reported, await ReportAsync(status));

    [Fact]
    public async Task SiloThatIsAskedToStop_IsNotReady_AlthoughItIsStillActive()
    {
        _lifetime.StopApplication();
        Assert.Equal(HealthStatus.Unhealthy, await ReportAsync(SiloStatus.Active));
    }

    private async Task<HealthStatus> ReportAsync(SiloStatus status) =>
        (await new SiloReadiness(new Oracle(status), _lifetime).CheckHealthAsync(new HealthCheckContext())).Status;

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    /// <summary>Knows this silo's own state, and nothing else is asked of it.</summary>
    private sealed class Oracle(SiloStatus status) : ISiloStatusOracle
    {
        public SiloStatus CurrentStatus => status;

        public string SiloName => throw new NotSupportedException();

        public SiloAddress SiloAddress => throw new NotSupportedException();

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => throw new NotSupportedException();

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) => throw new NotSupportedException();

        public SiloAddress[] GetActiveSilos() => throw new NotSupportedException();

        public bool TryGetSiloName(SiloAddress siloAddress, out string siloName) => throw new NotSupportedException();

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => throw new NotSupportedException();

        public bool IsDeadSilo(SiloAddress silo) => throw new NotSupportedException();

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();
    }
}
