using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Links;

/// <summary>
/// The receiving end of a link: takes each envelope once and in order, whatever the carrier loses, doubles or reorders, and knows what to tell
/// the publisher, and when. Not thread-safe.
/// </summary>
/// <remarks>
/// What comes too early is kept for a while. Orleans hands what it has read from a connection to the thread pool message by message, and the pool takes the
/// newest first, so that batches overtake one another many times a second; what is missing is asked for only if it does not come within two ticks, or if there is
/// no room for more.
/// </remarks>
internal sealed class LinkReceiver
{
    /// <summary>How many envelopes are acknowledged without waiting for the tick.</summary>
    public const int AcknowledgeAfterMessages = 1000;

    /// <summary>How many bytes are.</summary>
    public const long AcknowledgeAfterBytes = 1024 * 1024;

    // So many ticks a lone acknowledgement waits for something to ride on.
    private const int DelayTicks = 2;

    // So many ticks the publisher has to send again what is missing before it is asked once more.
    private const int RepeatTicks = 2;

    // So many ticks what has been overtaken may take to come.
    private const int OvertakenTicks = 2;

    private readonly EarlyBatches _early = new();
    private long _told;
    private long _untoldBytes;
    private int _ticks;

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

    /// <summary>How many envelopes the publisher is about to be asked for, for the first time since one was taken; 0 when it is not.</summary>
    public long NewlyMissing { get; private set; }

    /// <summary>When something came last, as a time stamp. Kept by the caller.</summary>
    public long LastHeard { get; set; }

    private bool IsOvertaken => _sentUpTo > Next;

    /// <summary>Looks at a batch that came.</summary>
    /// <param name="batch">The batch, with a number.</param>
    /// <param name="isEarly">Whether others should have come before it. Then <see cref="TryTakeEarly"/> gives it back when they have, if it is kept.</param>
    /// <returns>The index of the first envelope to take; the number of envelopes when there is none.</returns>
    public int Offer(EnvelopeBatch batch, out bool isEarly)
    {
        if ((batch.Flags & LinkFlags.AcknowledgeNow) != 0)
        {
            _isDue = true;
        }

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
    public void Take(int size)
    {
        if (_told == Next - 1)
        {
            _ticks = 0;
        }

        Next++;
        _untoldBytes += size;
        _isMissing = false;
        _overtakenTicks = 0;
        if (_untoldBytes >= AcknowledgeAfterBytes || Next - 1 - _told >= AcknowledgeAfterMessages)
        {
            _isDue = true;
        }
    }

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
        if ((isAsking || _told != Next - 1) && ++_ticks >= (isAsking ? RepeatTicks : DelayTicks))
        {
            _isDue = true;
        }
    }

    /// <summary>Whether the publisher should be told now how far this end is, even if there is nothing else to send it.</summary>
    public bool IsDue => _isDue;

    /// <summary>What the publisher is told now.</summary>
    public LinkAcknowledgement TakeAcknowledgement()
    {
        _told = Next - 1;
        _untoldBytes = 0;
        _ticks = 0;
        _isDue = false;
        NewlyMissing = 0;
        return new LinkAcknowledgement(_told, _isMissing && !_isRefusing);
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
