namespace OrleansRooms.Messaging.Cluster;

/// <summary>Bounds calls to the cluster, whose own timeout is far longer than anybody wants to wait.</summary>
internal static class ClusterCalls
{
    /// <summary>Waits for a call, but not longer than the limit; what becomes of the call afterwards concerns nobody.</summary>
    /// <exception cref="TimeoutException">The call took too long.</exception>
    public static async Task<T> WithinAsync<T>(
        this ValueTask<T> call, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (call.IsCompletedSuccessfully)
        {
            return call.Result;
        }

        var task = call.AsTask();
        try
        {
            return await task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Observe(task);
        }
    }

    /// <inheritdoc cref="WithinAsync{T}(ValueTask{T}, TimeSpan, TimeProvider, CancellationToken)"/>
    public static async Task WithinAsync(this Task call, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Observe(call);
        }
    }

    /// <summary>Nobody waits for a call any more: what becomes of it is no unobserved failure.</summary>
    public static void Observe(Task abandoned)
    {
        if (!abandoned.IsCompleted)
        {
            abandoned.ContinueWith(
                static task => _ = task.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
