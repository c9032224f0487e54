namespace OrleansRooms.Messaging.Cluster;

/// <summary>How long to wait before what failed is tried again: 50 ms at first, twice as long each time, 2 seconds at most.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="failures">How often it has failed in a row, from 1.</param>
    public static TimeSpan After(int failures)
    {
        var delay = First * Math.Pow(2, Math.Min(failures, 16) - 1);
        return delay < Longest ? delay : Longest;
    }
}
