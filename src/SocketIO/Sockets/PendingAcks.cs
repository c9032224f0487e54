using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>
/// The acks that one socket still owes. Each is taken once: by its answer, by being forgotten, or, with <see langword="null"/>, by the
/// disconnect of the socket.
/// </summary>
internal sealed class PendingAcks
{
    /// <summary>Those of a socket that has disconnected.</summary>
    public static readonly PendingAcks Closed = new() { _isClosed = true };

    private readonly Lock _gate = new();
    private Dictionary<long, Action<Packet?>>? _pending;
    private bool _isClosed;

    /// <summary>Like <see cref="Expect"/>, unless the socket owes too many answers already.</summary>
    public bool TryExpect(long ackId, Action<Packet?> onAck, int limit)
    {
        lock (_gate)
        {
            if (_pending?.Count >= limit)
            {
                return false;
            }
        }

        Expect(ackId, onAck);
        return true;
    }

    /// <summary>Remembers who takes an answer; if the socket has disconnected, it learns that at once.</summary>
    public void Expect(long ackId, Action<Packet?> onAck)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                (_pending ??= []).Add(ackId, onAck);
                return;
            }
        }

        onAck(null);
    }

    /// <summary>Gives up an answer; when it comes after all it is ignored.</summary>
    /// <returns>Whether it was still awaited.</returns>
    public bool Forget(long ackId) => Take(ackId) is not null;

    /// <summary>Hands an answer to whoever awaits it. Answers that nobody awaits, or not any more, are ignored.</summary>
    public void Answer(Packet ack)
    {
        if (ack.AckId is { } id)
        {
            Take(id)?.Invoke(ack);
        }
    }

    /// <summary>The socket has disconnected: nothing that is still awaited will come.</summary>
    public void Close()
    {
        Dictionary<long, Action<Packet?>>? abandoned;
        lock (_gate)
        {
            _isClosed = true;
            abandoned = _pending;
            _pending = null;
        }

        if (abandoned is not null)
        {
            foreach (var onAck in abandoned.Values)
            {
                onAck(null);
            }
        }
    }

    private Action<Packet?>? Take(long ackId)
    {
        lock (_gate)
        {
            if (_pending is null || !_pending.Remove(ackId, out var onAck))
            {
                return null;
            }

            if (_pending.Count == 0)
            {
                _pending = null;
            }

            return onAck;
        }
    }
}
