using System.Diagnostics;
using System.Globalization;

namespace OrleansRooms.RandomWaits;

/// <summary>What the weaver puts into methods: now and then it holds up the calling thread.</summary>
public static class RandomWait
{
    /// <summary>The variable of the environment for the longest wait, in milliseconds.</summary>
    public const string LongestVariable = "RANDOM_WAITS_LONGEST";

    /// <summary>The variable for the shortest time from one wait of the process to the next, in milliseconds.</summary>
    public const string GapVariable = "RANDOM_WAITS_GAP";

    private static readonly uint Longest = Read(LongestVariable);
    private static readonly uint Gap = Read(GapVariable);
    private static long s_next;

    [ThreadStatic]
    private static uint t_random;

    /// <summary>
    /// Returns at once nearly always. One call in 64 of a thread waits, for up to 2 ms or, one time in eight, for up to the longest; and
    /// none while the process has waited a moment ago, so that tests take twice their time and not a hundred times.
    /// </summary>
    public static void Perhaps()
    {
        if (Longest == 0) return;
        var random = Next();
        if (random % 64 != 0) return;

        var now = Stopwatch.GetTimestamp();
        var next = Volatile.Read(ref s_next);
        if (now < next) return;

        var wait = (random >> 8) % 8 == 0 ? (random >> 12) % Longest + 1 : (random >> 12) % 3;
        var pause = (wait / 3) + Gap;
        if (Interlocked.CompareExchange(ref s_next, now + (pause * Stopwatch.Frequency / 1000), next) != next) return;

#pragma warning disable RS0030 // To block a thread is the purpose.
        Thread.Sleep((int)wait);
#pragma warning restore RS0030
    }

    // Xorshift: nothing that takes a lock or a moment may be here, and two threads have to differ, no more.
    private static uint Next()
    {
        var random = t_random;
        if (random == 0) random = (uint)(Environment.TickCount64 ^ (Environment.CurrentManagedThreadId * 2_654_435_761L)) | 1;
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return t_random = random;
    }

    private static uint Read(string variable) =>
        uint.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;
}
