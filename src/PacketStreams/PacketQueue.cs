using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// What waits for one node. Publishers add, the node's deliveries take everything that waits: while one delivery is under way the next
/// one grows. Thread-safe.
/// </summary>
/// <remarks>
/// The reader takes until it finds nothing, and has to be woken by the first batch after that. A reader that was woken may still be
/// prevented (its stream is being registered, for example, and that may fail), so it is woken again when a batch comes and it has not
/// been for a while.
/// </remarks>
internal sealed class PacketQueue(PacketQueueLimits limits, TimeProvider time)
{
    private static readonly TimeSpan WakeAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private long _bytes;
    private int _envelopes;
    private bool _readerWaits = true;
    private bool _isClosed;
    private long _lastWake = time.GetTimestamp();
    private long _lastRead = time.GetTimestamp();

    /// <summary>How many bytes wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How long ago the reader last took something or found nothing.</summary>
    public TimeSpan Unread => time.GetElapsedTime(Interlocked.Read(ref _lastRead));

    /// <summary>Adds a batch behind all others.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="wake">Whether the reader has to be woken now.</param>
    public PacketStreamOutcome Add(EnvelopeBatch batch, out bool wake)
    {
        var bytes = EnvelopeSize.Of(batch);
        lock (_gate)
        {
            wake = false;
            if (_isClosed)
            {
                return PacketStreamOutcome.Closed;
            }

            if (_waiting.Count > 0 && (_bytes + bytes > limits.MaxBytes || _envelopes + batch.Envelopes.Length > limits.MaxEnvelopes))
            {
                return PacketStreamOutcome.Full;
            }

            _waiting.Enqueue(new Waiting(batch, bytes));
            _bytes += bytes;
            _envelopes += batch.Envelopes.Length;
            if (_readerWaits || time.GetElapsedTime(_lastWake) >= WakeAgainAfter)
            {
                wake = true;
                _readerWaits = false;
                _lastWake = time.GetTimestamp();
            }

            return PacketStreamOutcome.Accepted;
        }
    }

    /// <summary>
    /// Takes what waits, in order, up to the limit. If nothing waits, the next <see cref="Add"/> asks to wake the reader.
    /// </summary>
    public EnvelopeBatch[]? Take()
    {
        lock (_gate)
        {
            _lastRead = time.GetTimestamp();
            var count = CountToTake(out var bytes);
            if (count == 0)
            {
                _readerWaits = true;
                return null;
            }

            var taken = new EnvelopeBatch[count];
            for (var i = 0; i < count; i++)
            {
                taken[i] = _waiting.Dequeue().Batch;
                _envelopes -= taken[i].Envelopes.Length;
            }

            _bytes -= bytes;
            return taken;
        }
    }

    /// <summary>Something was read without having waited here.</summary>
    public void PassBy() => Interlocked.Exchange(ref _lastRead, time.GetTimestamp());

    /// <summary>Takes nothing any more and gives up what waits.</summary>
    /// <returns>How many envelopes were given up.</returns>
    public int Close()
    {
        lock (_gate)
        {
            var given = _envelopes;
            _isClosed = true;
            _waiting.Clear();
            _envelopes = 0;
            _bytes = 0;
            return given;
        }
    }

    private int CountToTake(out long bytes)
    {
        var count = 0;
        bytes = 0;
        foreach (var waiting in _waiting)
        {
            if (count > 0 && bytes + waiting.Bytes > limits.MaxBytesTaken)
            {
                break;
            }

            bytes += waiting.Bytes;
            count++;
        }

        return count;
    }

    private readonly record struct Waiting(EnvelopeBatch Batch, long Bytes);
}
