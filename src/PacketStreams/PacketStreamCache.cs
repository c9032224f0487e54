using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// What Orleans takes for the cache of a queue. Nothing is cached: the cursor of a stream takes from the queue itself, which has its own
/// bounds, so there is no pressure that one stream could put on another.
/// </summary>
internal sealed class PacketStreamCache(PacketSlot slot) : IQueueCache
{
    public int GetMaxAddCount() => -1;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        // Doorbells only.
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null!;
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        slot.Stream is { } stream && stream.Id.Equals(streamId) ? new PacketCursor(stream) : ClosedCursor.Instance;

    public bool IsUnderPressure() => false;

    /// <summary>Of a stream that was closed while Orleans was still busy with it.</summary>
    private sealed class ClosedCursor : IQueueCacheCursor
    {
        public static ClosedCursor Instance { get; } = new();

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return null;
        }

        public bool MoveNext() => false;

        public void Refresh(StreamSequenceToken token)
        {
            // There is nothing to come.
        }

        public void RecordDeliveryFailure()
        {
            // Nothing was delivered.
        }

        public void Dispose()
        {
            // Shared.
        }
    }
}
