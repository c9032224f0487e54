using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Links;

/// <summary>
/// The receiving end of a link: takes each envelope once and in order, whatever the carrier loses, doubles or reorders, and knows what to tell
/// the publisher, and when. Not thread-safe.
/// </summary>
/// <remarks>
/// What comes too early is not kept: the publisher sends it again. That costs something only when the carrier has lost something, which is rare, and
/// needs no memory here.
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

    private long _told;
    private long _untoldBytes;
    private int _ticks;
    private bool _isMissing;
    private bool _isRefusing;
    private bool _isDue;

    /// <summary>The number of the next envelope to take.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Whether the publisher has been told all there is to tell.</summary>
    public bool IsSettled => _told == Next - 1 && !_isMissing && !_isRefusing;

    /// <summary>When something came last, as a time stamp. Kept by the caller.</summary>
    public long LastHeard { get; set; }

    /// <summary>Looks at a batch that came.</summary>
    /// <param name="batch">The batch, with a number.</param>
    /// <param name="isGap">Whether something is missing before it, for the first time since something was taken.</param>
    /// <returns>The index of the first envelope to take; the number of envelopes when there is none.</returns>
    public int Offer(EnvelopeBatch batch, out bool isGap)
    {
        isGap = false;
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

        if (batch.Sequence > Next)
        {
            if (!_isMissing && !_isRefusing)
            {
                isGap = true;
                _isMissing = true;
                _isDue = true;
            }

            return batch.Envelopes.Length;
        }

        if (batch.Envelopes.Length == 0 && batch.Sequence == Next)
        {
            // The publisher has sent nothing else.
            _isMissing = false;
        }

        return (int)Math.Min(Next - batch.Sequence, batch.Envelopes.Length);
    }

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
        if (_untoldBytes >= AcknowledgeAfterBytes || Next - 1 - _told >= AcknowledgeAfterMessages)
        {
            _isDue = true;
        }
    }

    /// <summary>There is no room for the next envelope; until <see cref="Resume"/> nobody is asked for it.</summary>
    public void Refuse() => _isRefusing = true;

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
        return new LinkAcknowledgement(_told, _isMissing && !_isRefusing);
    }
}
