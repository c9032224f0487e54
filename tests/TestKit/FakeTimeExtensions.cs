using Microsoft.Extensions.Time.Testing;

namespace OrleansRooms.TestKit;

/// <summary>Lets a test's time go on.</summary>
public static class FakeTimeExtensions
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Lets time go on step by step until something has come of it. Timers are made by other threads, so a single large step could come
    /// before one of them.
    /// </summary>
    /// <param name="time">The time of what is tested.</param>
    /// <param name="step">How far it goes on at once.</param>
    /// <param name="done">What has to come of it; awaited.</param>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, TimeSpan step, Task done)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(done);
        while (!done.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(done, Task.Delay(Pause, TimeProvider.System));
        }

        await done;
    }
}
