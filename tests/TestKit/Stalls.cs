namespace OrleansRooms.TestKit;

/// <summary>
/// How long the machine stood still for this process: what a timer that should fire all the time was late by, in sum. What is promised
/// within some time is promised by a machine that runs.
/// </summary>
public sealed class Stalls : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private long _lateTicks;

    /// <summary>Begins to measure.</summary>
    public Stalls() => _ = MeasureAsync(_stopping.Token);

    /// <summary>The sum so far.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Interlocked.Read(ref _lateTicks));

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task MeasureAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // The timer, and behind it whatever waits for a thread.
            var start = TimeProvider.System.GetTimestamp();
            await Task.Delay(Interval, TimeProvider.System, stopping).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            Interlocked.Add(ref _lateTicks, Math.Max(0, (TimeProvider.System.GetElapsedTime(start) - Interval).Ticks));
        }
    }
}
