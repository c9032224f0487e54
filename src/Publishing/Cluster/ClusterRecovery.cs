namespace OrleansRooms.Publishing.Cluster;

/// <summary>
/// When to try again what failed, and when to believe again what the cluster says of routes. Thread-safe.
/// </summary>
/// <remarks>
/// Room owners hold what the nodes told them. After their silo died they know nothing until the nodes have told them again, and would send a
/// message nowhere. The directory that starts anew is the sign of it that a node can see.
/// </remarks>
internal sealed class ClusterRecovery(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _answered = NewSignal();
    private TaskCompletionSource _isBack = NewSignal();
    private long _trustedFrom;
    private bool _isFailing;

    /// <summary>The node directory answered.</summary>
    public void DirectoryAnswered()
    {
        TaskCompletionSource answered;
        TaskCompletionSource? isBack = null;
        lock (_lock)
        {
            answered = _answered;
            _answered = NewSignal();
            if (_isFailing)
            {
                _isFailing = false;
                isBack = _isBack;
                _isBack = NewSignal();
            }
        }

        answered.SetResult();
        isBack?.SetResult();
    }

    /// <summary>The node directory did not answer.</summary>
    public void DirectoryFailed()
    {
        lock (_lock)
        {
            _isFailing = true;
        }
    }

    /// <summary>The node directory lost its memory, and other grains may have.</summary>
    /// <param name="patience">Within what time every node says again what it holds.</param>
    public void DirectoryStartedAnew(TimeSpan patience)
    {
        lock (_lock)
        {
            _isFailing = true;
            _trustedFrom = time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Waits before what failed is tried again: longer every time, but no longer than until the cluster is back.</summary>
    /// <param name="failures">How often it has failed in a row.</param>
    /// <param name="cancellationToken">Stops the wait, which throws then.</param>
    public async Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        Task isBack;
        lock (_lock)
        {
            isBack = _isBack.Task;
        }

        try
        {
            await isBack.WaitAsync(Backoff.After(failures), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Still away, or it was not the cluster as a whole.
        }
    }

    /// <summary>Waits until the directory has answered once more.</summary>
    public Task WhenDirectoryAnsweredAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _answered.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits while owners may not have been told again.</summary>
    public Task WhenRoutesAreTrustedAsync(CancellationToken cancellationToken)
    {
        TimeSpan remaining;
        lock (_lock)
        {
            if (_trustedFrom == 0)
            {
                return Task.CompletedTask;
            }

            remaining = time.GetElapsedTime(time.GetTimestamp(), _trustedFrom);
            if (remaining <= TimeSpan.Zero)
            {
                _trustedFrom = 0;
                return Task.CompletedTask;
            }
        }

        return Task.Delay(remaining, time, cancellationToken);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
