namespace OrleansRooms.Grains.Nodes;

/// <summary>Runs something for many at once: all who ask while it runs share the next run. Thread-safe.</summary>
internal sealed class SharedRuns(Func<Task> run)
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Returns a run that begins after the call.</summary>
    public Task JoinNext()
    {
        lock (_lock)
        {
            return _running.IsCompleted ? _running = run() : _next ??= RunNextAsync(_running);
        }
    }

    private async Task RunNextAsync(Task former)
    {
        await former.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task next;
        lock (_lock)
        {
            _next = null;
            next = _running = run();
        }

        await next.ConfigureAwait(false);
    }
}
