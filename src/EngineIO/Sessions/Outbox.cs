using System.Buffers;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// What waits to be sent to one session, in order, up to a number of bytes. A writer takes everything that waits as one
/// <see cref="Batch"/> and gives it back when it has been written; until then its bytes count. Holds no memory while empty.
/// Not thread-safe: the session's lock guards it.
/// </summary>
internal struct Outbox(long maxBytes)
{
    /// <summary>What a frame costs beside its payload, so that very many tiny frames are bounded too.</summary>
    public const int FrameOverhead = 32;

    private const int SmallestBuffer = 16;

    private Message[]? _messages;
    private int _count;
    private long _waitingBytes;
    private long _batchBytes;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>How many bytes wait or are being written.</summary>
    public readonly long Bytes => _waitingBytes + _batchBytes;

    /// <summary>
    /// Appends a message. Refuses it when it would take the outbox past its limit, unless nothing else is there: otherwise a
    /// message larger than the limit could never be sent.
    /// </summary>
    public bool TryAdd(EngineIOFrame[] frames, SendFlags flags)
    {
        long size = 0;
        foreach (var frame in frames) size += frame.Payload.Length + FrameOverhead;
        if (Bytes > 0 && Bytes + size > maxBytes) return false;

        if (_messages is null)
        {
            _messages = ArrayPool<Message>.Shared.Rent(SmallestBuffer);
        }
        else if (_count == _messages.Length)
        {
            var larger = ArrayPool<Message>.Shared.Rent(_count * 2);
            _messages.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<Message>.Shared.Return(_messages, clearArray: true);
            _messages = larger;
        }

        _messages[_count++] = new Message(frames, flags);
        _waitingBytes += size;
        return true;
    }

    /// <summary>Takes everything that waits. At most one batch may be out at a time.</summary>
    public Batch Take()
    {
        var batch = new Batch(_messages, _count);
        _messages = null;
        _count = 0;
        _batchBytes = _waitingBytes;
        _waitingBytes = 0;
        return batch;
    }

    /// <summary>The batch that was out has been written or given up.</summary>
    public void Return(Batch batch)
    {
        _batchBytes = 0;
        batch.Free();
    }

    /// <summary>Discards everything that waits; a batch that is out stays out.</summary>
    public void Clear()
    {
        new Batch(_messages, _count).Free();
        _messages = null;
        _count = 0;
        _waitingBytes = 0;
    }

    /// <summary>One message: frames that stay together.</summary>
    public readonly record struct Message(EngineIOFrame[] Frames, SendFlags Flags);

    /// <summary>Messages on their way out.</summary>
    public readonly struct Batch(Message[]? messages, int count)
    {
        public int Count => count;

        public Message this[int index] => messages![index];

        internal void Free()
        {
            if (messages is not null) ArrayPool<Message>.Shared.Return(messages, clearArray: true);
        }
    }
}
