using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.AdapterClient.Hosting;

/// <summary>
/// Ties the node to the host. It joins the cluster when all hosted services have started, so that the cluster client is there whatever the
/// order of registration, says goodbye before the sockets are closed, and goes when all have been.
/// </summary>
internal sealed class ClusterNodeService(ClusterNode node, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        services.GetService<IPacketStreams>() is null
            ? throw new InvalidOperationException(
                "AddOrleansAdapter carries packets over Orleans: call AddRooms() inside UseOrleans or UseOrleansClient.")
            : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        node.Start();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => node.LeaveAsync();

    public Task StopAsync(CancellationToken cancellationToken) => node.StopAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
