using Microsoft.Extensions.Hosting;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>
/// Ties the server to the host: adapters begin when every hosted service has started, so that a cluster client is there whatever the order
/// of registration, and connections end before the first of them stops, so that Kestrel need not wait for its open WebSockets. What cannot
/// work keeps the host from starting.
/// </summary>
internal sealed class SocketIOHostedService(SocketIOServer server) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => server.CheckAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        server.Start();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => server.CloseAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
