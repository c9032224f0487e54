using Microsoft.Extensions.Hosting;
using OrleansRooms.Emitter.Cluster;

namespace OrleansRooms.Emitter.Hosting;

/// <summary>
/// Ties the emitter to the host. It begins when all hosted services have started, so that the cluster client is there whatever the order of
/// registration, and ends before any is stopped.
/// </summary>
internal sealed class EmitterService(EmitterCluster cluster) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        cluster.Start();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => cluster.StopAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
