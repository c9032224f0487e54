using Orleans.Runtime.Providers;

namespace OrleansRooms.Grains.PacketStreams;

/// <summary>
/// How long Orleans waits before it tries again what failed on the way from a queue to its node: 100 ms at first, twice as long each time, 2 seconds at
/// most. Its own defaults begin with a second or ten, in which a silo that died has long been replaced.
/// </summary>
internal sealed class PacketStreamBackoff : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public TimeSpan Next(int attempt)
    {
        var delay = First * Math.Pow(2, Math.Clamp(attempt, 0, 16));
        return delay < Longest ? delay : Longest;
    }
}
