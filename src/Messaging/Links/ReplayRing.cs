using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Links;

/// <summary>
/// The sending end of a link: numbers messages and keeps each until the receiver has acknowledged it, so that it can be sent again.
/// Bounded: when it is full, nothing more is put on the carrier until the receiver has caught up. Not thread-safe.
/// </summary>
internal sealed class ReplayRing
{
    /// <summary>How many ticks without an acknowledgement it takes before the receiver is asked for one.</summary>
    public const int PatienceTicks = 4;

    private const int SmallestCapacity = 16;

    private readonly int _maxMessages;
    private readonly long _maxBytes;
    private readonly long _first;

    // Number n is at n modulo the capacity, which is a power of two.
    private OutboundMessage?[] _slots = [];
    private long _carried;
    private int _ticks;

    /// <param name="maxMessages">How many messages may be unacknowledged.</param>
    /// <param name="maxBytes">How many bytes may be; the last message may go beyond.</param>
    /// <param name="first">The number of the first message.</param>
    public ReplayRing(int maxMessages, long maxBytes, long first = 1)
    {
        _maxMessages = maxMessages;
        _maxBytes = maxBytes;
        _first = first;
        StartOver();
    }

    /// <summary>The number of the oldest message without an acknowledgement; that of the next one when there is none.</summary>
    public long Oldest { get; private set; }

    /// <summary>The number of the message that goes onto the carrier next.</summary>
    public long Cursor { get; private set; }

    /// <summary>The number that the next new message gets.</summary>
    public long Next { get; private set; }

    /// <summary>How many messages are kept.</summary>
    public int Count => (int)(Next - Oldest);

    /// <summary>How many of them the carrier has taken, though perhaps for nothing.</summary>
    public int Carried => (int)Math.Max(0, _carried + 1 - Oldest);

    /// <summary>Whether what goes onto the carrier next has been there before.</summary>
    public bool IsReplaying => Cursor <= _carried;

    public long Bytes { get; private set; }

    /// <summary>How many more messages it takes.</summary>
    public int FreeMessages => Bytes < _maxBytes ? _maxMessages - Count : 0;

    /// <summary>How many more bytes it takes.</summary>
    public long FreeBytes => _maxBytes - Bytes;

    /// <summary>Whether the receiver has to be asked how far it is, because it has not said so for long.</summary>
    public bool IsProbeDue => _ticks >= PatienceTicks;

    /// <summary>Gives a message the next number.</summary>
    public void Add(OutboundMessage message)
    {
        if (Count == 0)
        {
            _ticks = 0;
        }

        if (Count == _slots.Length)
        {
            Grow();
        }

        _slots[Next & (_slots.Length - 1)] = message;
        Bytes += message.Size;
        Next++;
    }

    /// <summary>Takes the next messages for the carrier, which keeps them; nothing when all were taken.</summary>
    /// <param name="atMost">How many messages at most.</param>
    /// <param name="bytesAtMost">How many bytes at most, beyond the first message.</param>
    public Envelope[] Take(int atMost, long bytesAtMost)
    {
        var count = 0;
        long bytes = 0;
        while (count < atMost && Cursor + count < Next)
        {
            bytes += SlotOf(Cursor + count).Size;
            if (count > 0 && bytes > bytesAtMost)
            {
                break;
            }

            count++;
        }

        if (count == 0)
        {
            return [];
        }

        var envelopes = new Envelope[count];
        for (var i = 0; i < count; i++)
        {
            envelopes[i] = SlotOf(Cursor + i).Envelope;
        }

        return envelopes;
    }

    /// <summary>The carrier has taken messages.</summary>
    /// <param name="sequence">The number of the first.</param>
    /// <param name="count">How many.</param>
    /// <returns>How many of them it had taken before.</returns>
    public int OnCarried(long sequence, int count)
    {
        var end = sequence + count - 1;
        var again = (int)Math.Clamp(_carried - sequence + 1, 0, count);
        _carried = Math.Max(_carried, end);
        if (Cursor == sequence)
        {
            // Otherwise the cursor was moved meanwhile: back because something is missing, or forth because it arrived already.
            Cursor = end + 1;
        }

        return again;
    }

    /// <summary>Takes an acknowledgement.</summary>
    /// <param name="acknowledgement">The acknowledgement; old ones and ones of numbers never used change nothing.</param>
    /// <param name="released">Gets the messages that are not kept any more.</param>
    public void OnAcknowledged(LinkAcknowledgement acknowledgement, List<OutboundMessage> released)
    {
        if (acknowledgement.UpTo < Oldest - 1 || acknowledgement.UpTo >= Next)
        {
            return;
        }

        while (Oldest <= acknowledgement.UpTo)
        {
            ref var slot = ref _slots[Oldest & (_slots.Length - 1)];
            Bytes -= slot!.Size;
            released.Add(slot);
            slot = null;
            Oldest++;
            _ticks = 0;
        }

        Cursor = acknowledgement.SendAgain ? Oldest : Math.Max(Cursor, Oldest);
    }

    /// <summary>Some time has passed.</summary>
    public void Tick()
    {
        if (Count > 0)
        {
            _ticks++;
        }
    }

    /// <summary>The receiver was asked how far it is.</summary>
    public void Probed() => _ticks = 0;

    /// <summary>
    /// Numbers anew, because the publisher has registered again and its numbers count from the beginning. What the carrier had taken is let
    /// go: sent again under other numbers, it could arrive twice.
    /// </summary>
    public void Restart(List<OutboundMessage> released)
    {
        var kept = new List<OutboundMessage>();
        for (var number = Oldest; number < Next; number++)
        {
            (number <= _carried ? released : kept).Add(SlotOf(number));
        }

        Array.Clear(_slots);
        StartOver();
        foreach (var message in kept)
        {
            Add(message);
        }
    }

    private void StartOver()
    {
        Oldest = Cursor = Next = _first;
        _carried = _first - 1;
        Bytes = 0;
    }

    private OutboundMessage SlotOf(long number) => _slots[number & (_slots.Length - 1)]!;

    private void Grow()
    {
        var grown = new OutboundMessage?[Math.Max(SmallestCapacity, _slots.Length * 2)];
        for (var number = Oldest; number < Next; number++)
        {
            grown[number & (grown.Length - 1)] = SlotOf(number);
        }

        _slots = grown;
    }
}
