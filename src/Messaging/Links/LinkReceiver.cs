using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Links;

/// <summary>
/// The receiving end of a link: takes each envelope once and in order, whatever the carrier loses, doubles or reorders, and knows what to
/// tell the publisher, and when. Not thread-safe.
/// </summary>
/// <remarks>
/// What comes too early is kept for a while. Orleans hands what it has read from a connection to the thread pool message by message, and
/// the pool takes the newest first, so that batches overtake one another many times a second; what is missing is asked for only if it does
/// not come within two ticks, or if there is no room for more. What is acknowledged has been handed on, so that what a publisher may have
/// unacknowledged bounds how long anything waits here.
/// </remarks>
internal sealed class LinkReceiver
{
    /// <summary>How many envelopes a publisher posts without having heard of this end.</summary>
    public const int UnheardMessages = 1000;

    /// <summary>How many bytes it posts.</summary>
    public const long UnheardBytes = 1024 * 1024;

    /// <summary>How many envelopes that were handed on are acknowledged without waiting for the tick.</summary>
    public const int AcknowledgeAfterMessages = UnheardMessages / 4;

    /// <summary>How many bytes are.</summary>
    public const long AcknowledgeAfterBytes = UnheardBytes / 4;

    // So many ticks a lone acknowledgement waits for something to ride on.
    private const int DelayTicks = 2;

    // So many ticks the publisher has to send again what is missing before it is asked once more.
    private const int RepeatTicks = 2;

    // So many ticks what has been overtaken may take to come.
    private const int OvertakenTicks = 2;

    private readonly EarlyBatches _early = new();
    private long _told;
    private int _ticks;

    // Of those that wait to be handed on: the last that was taken; the last that was handed on, and the bytes of all of them, by whoever
    // does that.
    private long _waiting;
    private long _handed;
    private long _handedBytes;
    private long _toldBytes;
    private long _announced;
    private long _announcedBytes;

    // Of those that do not wait, since the last acknowledgement.
    private long _passedBytes;

    // No acknowledgement says less: before this number nothing waits, or the publisher keeps nothing older.
    private long _floor;

    // The number after the last that is known to have been sent.
    private long _sentUpTo;
    private int _overtakenTicks;
    private bool _isMissing;
    private bool _isRefusing;
    private bool _isDue;

    /// <summary>The number of the next envelope to take.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Whether the publisher has been told all there is to tell.</summary>
    public bool IsSettled => _told == Next - 1 && !_isMissing && !_isRefusing && !IsOvertaken;

    /// <summary>
    /// How many envelopes the publisher is about to be asked for, for the first time since one was taken; 0 when it is not.
    /// </summary>
    public long NewlyMissing { get; private set; }

    /// <summary>When something came last, as a time stamp. Kept by the caller.</summary>
    public long LastHeard { get; set; }

    private bool IsOvertaken => _sentUpTo > Next;

    // Everything up to this number has been handed on.
    private long Delivered => Volatile.Read(ref _handed) is var handed && handed >= _waiting ? Next - 1 : Math.Max(handed, _floor);

    /// <summary>Looks at a batch that came.</summary>
    /// <param name="batch">The batch, with a number.</param>
    /// <param name="isEarly">Whether others should have come before it. Then <see cref="TryTakeEarly"/> gives it back when they have, if it
    /// is kept.</param>
    /// <returns>The index of the first envelope to take; the number of envelopes when there is none.</returns>
    public int Offer(EnvelopeBatch batch, out bool isEarly)
    {
        if ((batch.Flags & LinkFlags.AcknowledgeNow) != 0)
        {
            _isDue = true;
        }

        _floor = Math.Max(_floor, batch.Oldest - 1);
        if (batch.Oldest > Next)
        {
            // This end was forgotten meanwhile, or the publisher counts from here: what is older is with nobody any more.
            Next = batch.Oldest;
            _told = Next - 1;
        }

        isEarly = batch.Sequence > Next;
        if (isEarly)
        {
            if (!_isRefusing && !TryKeep(batch) && !_isMissing)
            {
                Miss(batch.Sequence - Next);
            }

            return batch.Envelopes.Length;
        }

        if (_isMissing && batch.Envelopes.Length == 0 && batch.Sequence == Next)
        {
            // The publisher has sent nothing else.
            _isMissing = false;
            _sentUpTo = Next;
            _early.Clear();
        }

        return (int)Math.Min(Next - batch.Sequence, batch.Envelopes.Length);
    }

    /// <summary>Gives back a batch that was early and is not any more, to be offered again.</summary>
    public bool TryTakeEarly([NotNullWhen(true)] out EnvelopeBatch? batch) => _early.TryTake(Next, out batch);

    /// <summary>An envelope was taken.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="waits">Whether it waits to be handed on, of which <see cref="HandOn"/> is told.</param>
    public void Take(int size, bool waits)
    {
        if (_told == Next - 1)
        {
            _ticks = 0;
        }

        if (waits)
        {
            _floor = Delivered;
            _waiting = Next;
        }
        else
        {
            _passedBytes += size;
        }

        Next++;
        _isMissing = false;
        _overtakenTicks = 0;
        if (_passedBytes >= AcknowledgeAfterBytes || Delivered - _told >= AcknowledgeAfterMessages)
        {
            _isDue = true;
        }
    }

    /// <summary>
    /// An envelope that waited was handed on. Called by one thread at a time, which may be another than that of all else.
    /// </summary>
    /// <param name="number">Its number.</param>
    /// <param name="size">Its size.</param>
    /// <returns>Whether so many were that the publisher should hear of it, by <see cref="TellNow"/>.</returns>
    public bool HandOn(long number, int size)
    {
        var bytes = _handedBytes + size;
        Volatile.Write(ref _handedBytes, bytes);
        Volatile.Write(ref _handed, number);
        if (number - Math.Max(Volatile.Read(ref _told), _announced) < AcknowledgeAfterMessages
            && bytes - Math.Max(Volatile.Read(ref _toldBytes), _announcedBytes) < AcknowledgeAfterBytes)
        {
            return false;
        }

        (_announced, _announcedBytes) = (number, bytes);
        return true;
    }

    /// <summary>The publisher shall hear how far this end is without waiting for the tick.</summary>
    public void TellNow() => _isDue = true;

    /// <summary>There is no room for the next envelope; until <see cref="Resume"/> nobody is asked for it.</summary>
    public void Refuse()
    {
        _isRefusing = true;
        _early.Clear();
    }

    /// <summary>There is room again.</summary>
    public void Resume()
    {
        if (_isRefusing)
        {
            _isRefusing = false;
            AskAgain();
        }
    }

    /// <summary>Asks for whatever may be missing, because the carrier is known to have lost something.</summary>
    public void AskAgain()
    {
        _isMissing = true;
        _isDue = true;
    }

    /// <summary>Some time has passed.</summary>
    public void Tick()
    {
        if (IsOvertaken && !_isMissing && !_isRefusing && ++_overtakenTicks >= OvertakenTicks)
        {
            Miss(_sentUpTo - Next);
        }

        var isAsking = _isMissing && !_isRefusing;
        if ((isAsking || _told < Delivered) && ++_ticks >= (isAsking ? RepeatTicks : DelayTicks))
        {
            _isDue = true;
        }
    }

    /// <summary>Whether the publisher should be told now how far this end is, even if there is nothing else to send it.</summary>
    public bool IsDue => _isDue;

    /// <summary>What the publisher is told now.</summary>
    public LinkAcknowledgement TakeAcknowledgement()
    {
        // Who is asked to send again need not send what has come; nothing is told to be less than it was.
        var isAsking = _isMissing && !_isRefusing;
        Volatile.Write(ref _toldBytes, Volatile.Read(ref _handedBytes));
        Volatile.Write(ref _told, Math.Max(_told, isAsking ? Next - 1 : Delivered));
        _passedBytes = 0;
        _ticks = 0;
        _isDue = false;
        NewlyMissing = 0;
        return new LinkAcknowledgement(_told, isAsking);
    }

    // A publisher that asks for an answer has not heard of this end for long: it shall not wait any longer.
    private bool TryKeep(EnvelopeBatch batch)
    {
        _sentUpTo = Math.Max(_sentUpTo, batch.Sequence + batch.Envelopes.Length);
        return (batch.Flags & LinkFlags.AcknowledgeNow) == 0 && (batch.Envelopes.Length == 0 || _early.TryAdd(batch));
    }

    private void Miss(long count)
    {
        AskAgain();
        NewlyMissing = count;
    }
}
