using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>An event that came in, with its arguments still in the form of the wire until they are asked for.</summary>
public abstract class IncomingEvent
{
    private readonly PacketSerializer _serializer;
    private readonly long? _ackId;
    private PacketArguments? _arguments;
    private int _isAnswered;

    private protected IncomingEvent(Packet packet, long? ackId, PacketSerializer serializer)
    {
        Packet = packet;
        _ackId = ackId;
        _serializer = serializer;
    }

    /// <summary>The packet as it came.</summary>
    public Packet Packet { get; }

    /// <summary>The event's name.</summary>
    public string EventName => Arguments.EventName;

    /// <summary>The number of arguments.</summary>
    public int Count => Arguments.Count;

    /// <summary>Whether the sender waits for an answer that has not been given yet.</summary>
    public bool ExpectsAck => _ackId is not null && Volatile.Read(ref _isAnswered) == 0;

    private protected PacketArguments Arguments => _arguments ??= _serializer.Read(Packet);

    /// <summary>One argument as a .NET value.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <returns>The default of <typeparamref name="T"/> when the sender gave fewer arguments.</returns>
    /// <exception cref="EventArgumentException">The argument is of another kind.</exception>
    public T? Get<T>(int index) => ArgumentConversion.Read<T>(Arguments, index, EventName);

    /// <inheritdoc cref="Get{T}(int)"/>
    /// <param name="index">Its position, from 0.</param>
    /// <param name="type">The type to convert to.</param>
    public object? Get(int index, Type type) => ArgumentConversion.Read(Arguments, index, type, EventName);

    /// <summary>
    /// Answers the event; each item of the array is one argument. Only the first answer is sent, and none if the sender did not ask for one.
    /// </summary>
    /// <returns>Completes when the outbound queue has accepted the answer.</returns>
    public ValueTask AckCoreAsync(object?[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (_ackId is { } id && Interlocked.Exchange(ref _isAnswered, 1) == 0)
        {
            SendAck(_serializer.Ack(Packet.Namespace, id, args));
        }

        return default;
    }

    private protected abstract void SendAck(Packet ack);
}
