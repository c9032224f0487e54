using OrleansRooms.Contracts;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>When to try again what failed. Thread-safe.</summary>
internal sealed class ClusterRecovery(TimeProvider time)
{
    private readonly Signal _isBack = new();
    private bool _isFailing;

    /// <summary>The node directory answered.</summary>
    /// <param name="isOther">Whether it is another than the last that did: whatever was in the former's silo can be reached again.</param>
    public void DirectoryAnswered(bool isOther)
    {
        if (Interlocked.Exchange(ref _isFailing, false) || isOther)
        {
            _isBack.Raise();
        }
    }

    /// <summary>The node directory did not answer.</summary>
    public void DirectoryFailed() => Volatile.Write(ref _isFailing, true);

    /// <summary>Waits before what failed is tried again: longer every time, but no longer than until the cluster is back.</summary>
    /// <param name="failures">How often it has failed in a row.</param>
    /// <param name="cancellationToken">Stops the wait, which throws then.</param>
    public async Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        try
        {
            await _isBack.Next.WaitAsync(Backoff.After(failures), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Still away, or it was not the cluster as a whole.
        }
    }

    /// <summary>Does something again and again until it is cancelled; between a failure and the next time it pauses.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="onFailure">Called with every failure.</param>
    /// <param name="cancellationToken">Ends it, without an exception.</param>
    public async Task RepeatAsync(Func<Task> action, Action<Exception>? onFailure, CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                await action().ConfigureAwait(false);
                failures = 0;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                onFailure?.Invoke(exception);
                await PauseAsync(++failures, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
