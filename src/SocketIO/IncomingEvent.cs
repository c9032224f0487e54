using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO;

/// <summary>An event that came in and that its sender may want answered.</summary>
public abstract class IncomingEvent : EventArguments
{
    private readonly long? _ackId;
    private int _isAnswered;

    private protected IncomingEvent(Packet packet, long? ackId, PacketSerializer serializer)
        : base(packet, serializer) => _ackId = ackId;

    /// <summary>Whether the sender waits for an answer that has not been given yet.</summary>
    public bool ExpectsAck => _ackId is not null && Volatile.Read(ref _isAnswered) == 0;

    /// <summary>
    /// Answers the event; each item of the array is one argument. Only the first answer is sent, and none if the sender did not ask for
    /// one.
    /// </summary>
    /// <returns>Completes when the outbound queue has accepted the answer.</returns>
    public ValueTask AckCoreAsync(object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (_ackId is { } id && Interlocked.Exchange(ref _isAnswered, 1) == 0)
        {
            SendAck(Serializer.Ack(Packet.Namespace, id, args));
        }

        return default;
    }

    /// <summary>Answers the event with what a handler has returned, without an array for it.</summary>
    internal ValueTask AckOneAsync(object? result)
    {
        if (_ackId is { } id && Interlocked.Exchange(ref _isAnswered, 1) == 0)
        {
            SendAck(Serializer.Ack(Packet.Namespace, id, [result]));
        }

        return default;
    }

    private protected abstract void SendAck(Packet ack);
}
