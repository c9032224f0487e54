using Orleans.Runtime.Providers;

namespace OrleansRooms.PacketStreams;

/// <summary>How long to wait before what failed is tried again: 50 ms at first, twice as long each time, 2 seconds at most.</summary>
/// <remarks>
/// Orleans asks it too, for deliveries from a queue to its node; its own defaults begin with a second or ten, in which a silo that died
/// has long been replaced.
/// </remarks>
internal sealed class Backoff : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="failures">How often it has failed in a row, from 1.</param>
    public static TimeSpan After(int failures)
    {
        var delay = First * Math.Pow(2, Math.Min(failures, 16) - 1);
        return delay < Longest ? delay : Longest;
    }

    // Orleans counts from 0, and has the first attempt behind it; it begins with 100 ms.
    public TimeSpan Next(int attempt) => After(Math.Clamp(attempt, 0, 16) + 2);
}
