namespace OrleansRooms.Messaging.Outbound;

/// <summary>
/// Messages in the order in which they were sent in their namespace, bounded by number and bytes. Namespaces take turns, so that one with
/// large payloads does not hold up the others. When it is full, room is made by dropping volatile messages, the oldest of a namespace
/// first; without any, new messages are dropped. Thread-safe.
/// </summary>
/// <remarks>
/// What was taken counts until it is released, so that the bound holds for everything that waits. Long before it is full it is busy:
/// whoever emits should wait then until there is room again. What may wait before that is little in time, since nothing overtakes what
/// waits in a namespace.
/// </remarks>
internal sealed class OutboundQueue(int maxMessages, long maxBytes)
{
    /// <summary>
    /// With more messages than this it is busy. A receiver acknowledges far fewer without being asked, or there would never be room again.
    /// </summary>
    public const int BusyMessages = 1000;

    /// <summary>With more bytes than this it is busy.</summary>
    public const long BusyBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly NamespaceLanes _waiting = new();
    private int _volatile;
    private int _messages;
    private long _bytes;
    private bool _isActive;
    private volatile bool _isBusy;
    private bool _isStuck;
    private bool _isClosed;
    private TaskCompletionSource? _room;

    /// <summary>Whether so much waits that who emits should wait too.</summary>
    public bool IsBusy => _isBusy;

    /// <summary>Completes when it is not busy any more.</summary>
    public Task Room
    {
        get
        {
            lock (_lock)
            {
                if (!_isBusy)
                {
                    return Task.CompletedTask;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _room.Task;
            }
        }
    }

    /// <summary>How many messages wait, taken ones included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages;
            }
        }
    }

    /// <summary>How many bytes they take.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Adds a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="dropped">What was dropped for it, or it itself.</param>
    /// <returns>Whether the caller has to see to it that somebody takes the messages, because nobody does.</returns>
    public bool Add(OutboundMessage message, out List<OutboundMessage>? dropped)
    {
        dropped = null;
        lock (_lock)
        {
            if (!Fits(message))
            {
                dropped = [];
                MakeRoomFor(message, dropped);
                if (!Fits(message))
                {
                    dropped.Add(message);
                    return false;
                }
            }

            _waiting.Enqueue(message);
            _messages++;
            _bytes += message.Size;
            _volatile += message.IsVolatile ? 1 : 0;
            LookHowBusy();
            return !_isActive && (_isActive = true);
        }
    }

    /// <summary>
    /// Takes messages, those of each namespace in order, at least one and then as many as the limits allow. Without any, nobody takes
    /// messages any more.
    /// </summary>
    public bool TryTake(List<OutboundMessage> taken, int atMost, long bytesAtMost)
    {
        lock (_lock)
        {
            long bytes = 0;
            while (taken.Count < atMost && _waiting.TryPeek(out var next) && (taken.Count == 0 || bytes + next.Size <= bytesAtMost))
            {
                _waiting.Dequeue();
                bytes += next.Size;
                _volatile -= next.IsVolatile ? 1 : 0;
                taken.Add(next);
            }

            _isActive = taken.Count > 0;
            return _isActive;
        }
    }

    /// <summary>Lets go of messages that were taken.</summary>
    /// <returns>Whether the queue is empty now.</returns>
    public bool Release(List<OutboundMessage> taken)
    {
        lock (_lock)
        {
            foreach (var message in taken)
            {
                _messages--;
                _bytes -= message.Size;
            }

            _isStuck &= taken.Count == 0;
            LookHowBusy();
            return _messages == 0;
        }
    }

    /// <summary>
    /// Nothing has gone for long, so that there is no rate to keep to: until something does, it is busy only while half of what it keeps
    /// waits. The other half is for those who send little.
    /// </summary>
    public void Widen()
    {
        lock (_lock)
        {
            _isStuck = _isBusy;
            LookHowBusy();
        }
    }

    /// <summary>Nothing of it will go anywhere any more, and nobody need wait for room.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            LookHowBusy();
        }
    }

    private void LookHowBusy()
    {
        var (messages, bytes) = (maxMessages / 2, maxBytes / 2);
        if (!_isStuck)
        {
            (messages, bytes) = (Math.Min(messages, BusyMessages), Math.Min(bytes, BusyBytes));
        }

        _isBusy = !_isClosed && (_messages > messages || _bytes > bytes);
        if (!_isBusy)
        {
            _room?.SetResult();
            _room = null;
        }
    }

    private bool Fits(OutboundMessage message) => _messages < maxMessages && (_bytes + message.Size <= maxBytes || _messages == 0);

    private void MakeRoomFor(OutboundMessage message, List<OutboundMessage> dropped)
    {
        if (_volatile == 0)
        {
            return;
        }

        // Somewhat more than needed, or a full queue would be walked for every message.
        var messages = _messages >= maxMessages ? Math.Max(1, maxMessages / 16) : 0;
        var bytes = _bytes + message.Size > maxBytes ? Math.Max(message.Size, maxBytes / 16) : 0;
        _waiting.RemoveAll(candidate =>
        {
            if (!candidate.IsVolatile || (messages <= 0 && bytes <= 0))
            {
                return false;
            }

            messages--;
            bytes -= candidate.Size;
            _messages--;
            _bytes -= candidate.Size;
            _volatile--;
            dropped.Add(candidate);
            return true;
        });
    }
}
