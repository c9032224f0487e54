using Microsoft.Extensions.Hosting;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>
/// Looks at everything that Orleans needs before Orleans starts, since it would find out as well, after retries and the trace of its whole
/// start.
/// </summary>
internal sealed class StartCheck(RoomsClusterOptions options, bool isSilo, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (isSilo)
        {
            SiloPorts.MustBeFree(options);
        }

        var store = ClusterStore.Of(options.Clustering);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await store.CheckAsync(options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw new RoomsStartException(
                $"{options.Clustering} {store.Describe(options)} has not answered for {Patience.TotalSeconds} seconds; look at it, or " +
                $"correct Rooms:{options.Clustering}.", exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
