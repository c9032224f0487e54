namespace OrleansRooms.Contracts;

/// <summary>What happens again and again, and those who wait for the next time. Thread-safe.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Completes with the next <see cref="Raise"/> after the call.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>
    /// Lets all go on who wait, elsewhere: whoever raises it may be in the middle of a change that nobody must see half done.
    /// </summary>
    public void Raise() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
