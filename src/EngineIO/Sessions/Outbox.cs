using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// What waits to be sent to one session, in order, up to a number of bytes. A writer takes everything that waits as one
/// <see cref="Batch"/> and gives it back when it has been written; until then its bytes count. Not thread-safe: the session's
/// lock guards it.
/// </summary>
/// <remarks>
/// A single message, which is all that ever waits for a client that keeps up, needs no memory beside the outbox itself. The array
/// for more goes back and forth between outbox and batch, so that bursts allocate nothing, until <see cref="Trim"/>. An array
/// pool would not do: a broadcast needs one for every session at the same time, far more than pools keep.
/// </remarks>
internal struct Outbox(long maxBytes)
{
    /// <summary>What a frame costs beside its payload, so that very many tiny frames are bounded too.</summary>
    public const int FrameOverhead = 32;

    private const int SmallestArray = 4;
    private const int LargestKeptArray = 64;

    private Message _first;
    private Message[]? _others;
    private int _count;
    private long _waitingBytes;
    private long _batchBytes;
    private long _largest;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>How many bytes wait or are being written.</summary>
    public readonly long Bytes => _waitingBytes + _batchBytes;

    /// <summary>
    /// Appends a message. Refuses it when that would take the outbox past its limit. The largest message does not count: otherwise one
    /// beyond the limit could not be sent, or nothing behind it while it is being written.
    /// </summary>
    public bool TryAdd(EngineIOFrame[] frames, SendFlags flags)
    {
        long size = 0;
        foreach (var frame in frames) size += frame.Payload.Length + FrameOverhead;
        var largest = Bytes == 0 ? size : Math.Max(size, _largest);
        if (Bytes + size - largest > maxBytes) return false;

        _largest = largest;
        if (_count == 0) _first = new Message(frames, flags);
        else MakeRoom()[_count - 1] = new Message(frames, flags);
        _count++;
        _waitingBytes += size;
        return true;
    }

    /// <summary>Takes everything that waits. At most one batch may be out at a time.</summary>
    public Batch Take()
    {
        var batch = new Batch(_first, _others, _count);
        _batchBytes = _waitingBytes;
        Forget();
        return batch;
    }

    /// <summary>The batch that was out has been written or given up.</summary>
    public void Return(Batch batch)
    {
        _batchBytes = 0;
        if (_others is null && batch.Recycle() is { Length: <= LargestKeptArray } array) _others = array;
    }

    /// <summary>Discards everything that waits; a batch that is out stays out.</summary>
    public void Clear() => Forget();

    /// <summary>Gives up the memory kept for bursts, if nothing waits.</summary>
    public void Trim()
    {
        if (_count == 0) _others = null;
    }

    private void Forget()
    {
        _first = default;
        _others = null;
        _count = 0;
        _waitingBytes = 0;
    }

    private Message[] MakeRoom()
    {
        if (_others is null) return _others = new Message[SmallestArray];
        if (_count - 1 == _others.Length) Array.Resize(ref _others, 2 * _others.Length);
        return _others;
    }

    /// <summary>One message: frames that stay together.</summary>
    public readonly record struct Message(EngineIOFrame[] Frames, SendFlags Flags);

    /// <summary>Messages on their way out.</summary>
    public readonly struct Batch(Message first, Message[]? others, int count)
    {
        public int Count => count;

        public Message this[int index] => index == 0 ? first : others![index - 1];

        /// <summary>The batch's array, emptied.</summary>
        internal Message[]? Recycle()
        {
            if (count > 1) others.AsSpan(0, count - 1).Clear();
            return others;
        }
    }
}
