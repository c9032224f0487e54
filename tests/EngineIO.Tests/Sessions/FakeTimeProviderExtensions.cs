using Microsoft.Extensions.Time.Testing;

namespace OrleansRooms.EngineIO.Tests.Sessions;

/// <summary>Time that passes rather than jumps: timers see the moment for which they were set.</summary>
internal static class FakeTimeProviderExtensions
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(0.5);

    public static void Pass(this FakeTimeProvider time, TimeSpan duration)
    {
        for (var left = duration; left > TimeSpan.Zero; left -= Step) time.Advance(left < Step ? left : Step);
    }
}
