using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Delivery;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Links;

/// <summary>Batches of a link that came before others with lower numbers, until those have come. Bounded; not thread-safe.</summary>
internal sealed class EarlyBatches
{
    private readonly SortedList<long, (EnvelopeBatch Batch, long Bytes)> _batches = [];
    private int _messages;
    private long _bytes;

    /// <summary>Keeps a batch, unless there is no room: no more is kept than a publisher posts without having heard of this end.</summary>
    public bool TryAdd(EnvelopeBatch batch)
    {
        if (_batches.ContainsKey(batch.Sequence))
        {
            return true;
        }

        long bytes = 0;
        foreach (var envelope in batch.Envelopes)
        {
            // What is malformed cannot be measured; it is passed over when its turn comes.
            bytes += EnvelopeCheck.IsSound(envelope) ? EnvelopeSize.Of(envelope) : 0;
        }

        if (_messages + batch.Envelopes.Length > LinkReceiver.UnheardMessages || _bytes + bytes > LinkReceiver.UnheardBytes)
        {
            return false;
        }

        _batches.Add(batch.Sequence, (batch, bytes));
        _messages += batch.Envelopes.Length;
        _bytes += bytes;
        return true;
    }

    /// <summary>Takes the batch with the lowest number, if it is not early any more.</summary>
    /// <param name="next">The number that is expected next.</param>
    /// <param name="batch">The batch, of which some may have come meanwhile.</param>
    public bool TryTake(long next, [NotNullWhen(true)] out EnvelopeBatch? batch)
    {
        if (_batches.Count == 0 || _batches.GetKeyAtIndex(0) > next)
        {
            batch = null;
            return false;
        }

        (batch, var bytes) = _batches.GetValueAtIndex(0);
        _batches.RemoveAt(0);
        _messages -= batch.Envelopes.Length;
        _bytes -= bytes;
        return true;
    }

    public void Clear()
    {
        _batches.Clear();
        (_messages, _bytes) = (0, 0);
    }
}
