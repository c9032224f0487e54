using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>A stream whose home is this silo, and the queue slot that reads it.</summary>
internal sealed class OpenStream
{
    private readonly PacketQueue _queue;
    private readonly PacketStreamMetrics _metrics;
    private readonly IList<IBatchContainer> _doorbell;
    private long _sequence;
    private volatile Action<EnvelopeBatch>? _reader;

    public OpenStream(StreamId id, PacketSlot slot, PacketQueue queue, PacketStreamMetrics metrics)
    {
        Id = id;
        Slot = slot;
        _queue = queue;
        _metrics = metrics;
        // It tells Orleans that the stream has something; what that is the cursor takes from the queue.
        _doorbell = [new PacketBatch(id, [], 0)];
    }

    public StreamId Id { get; }

    public PacketSlot Slot { get; }

    /// <summary>How long ago something was read.</summary>
    public TimeSpan Unread => _queue.Unread;

    /// <summary>How many bytes wait.</summary>
    public long Bytes => _queue.Bytes;

    /// <summary>From now on everything goes to a reader in this process.</summary>
    public void Read(Action<EnvelopeBatch> reader) => _reader = reader;

    public PacketStreamOutcome Send(EnvelopeBatch batch)
    {
        if (_reader is { } reader)
        {
            _queue.PassBy();
            reader(batch);
            return PacketStreamOutcome.Accepted;
        }

        var outcome = _queue.Add(batch, out var wake);
        if (wake)
        {
            Slot.Wake(_doorbell);
        }
        else if (outcome == PacketStreamOutcome.Full)
        {
            _metrics.Refused();
        }

        return outcome;
    }

    public PacketBatch? Take() => _queue.Take() is { } batches ? new PacketBatch(Id, batches, ++_sequence) : null;

    public void OnDeliveryFailed(PacketBatch lost) => _metrics.Lost(lost.EnvelopeCount);

    /// <summary>Takes nothing any more.</summary>
    /// <returns>How many envelopes were given up.</returns>
    public int Close() => _queue.Close();
}
