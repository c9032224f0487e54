using Orleans.Streams;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// Orleans' view of a node's reader. Moving on takes what waits in the queue at that moment, so all that came while a delivery was under
/// way is the next delivery, and no copy of it is kept: what a delivery loses, the publishers' links send again.
/// </summary>
internal sealed class PacketCursor(OpenStream stream) : IQueueCacheCursor
{
    private PacketBatch? _current;

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext()
    {
        _current = stream.Take();
        return _current is not null;
    }

    public QueueCacheCursorMoveResult MoveNextWithResult() =>
        MoveNext() ? QueueCacheCursorMoveResult.Success : QueueCacheCursorMoveResult.NoData;

    public void Refresh(StreamSequenceToken token)
    {
        // The position is the queue's.
    }

    public void RecordDeliveryFailure()
    {
        if (_current is { } lost)
        {
            stream.OnDeliveryFailed(lost);
        }
    }

    public void Dispose() => _current = null;
}
