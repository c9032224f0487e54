using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>An event with its arguments, still in the form of the wire until they are asked for.</summary>
public abstract class EventArguments
{
    private readonly PacketSerializer _serializer;
    private PacketArguments? _arguments;

    private protected EventArguments(Packet packet, PacketSerializer serializer)
    {
        Packet = packet;
        _serializer = serializer;
        Size = packet.Payload.Length;
        foreach (var attachment in packet.Attachments)
        {
            Size += attachment.Length;
        }
    }

    /// <summary>The packet as it travels.</summary>
    public Packet Packet { get; private set; }

    /// <summary>The event's name.</summary>
    public string EventName => Arguments.EventName;

    /// <summary>The number of arguments.</summary>
    public int Count => Arguments.Count;

    /// <summary>How many bytes the packet had that came or went, whatever has been made of it since.</summary>
    internal int Size { get; }

    internal PacketArguments Arguments => _arguments ??= _serializer.Read(Packet);

    private protected PacketSerializer Serializer => _serializer;

    /// <summary>One argument as a .NET value.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <returns>The default of <typeparamref name="T"/> when the sender gave fewer arguments.</returns>
    /// <exception cref="EventArgumentException">The argument is of another kind.</exception>
    public T? Get<T>(int index) => ArgumentConversion.Read<T>(Arguments, index, EventName);

    /// <inheritdoc cref="Get{T}(int)"/>
    /// <param name="index">Its position, from 0.</param>
    /// <param name="type">The type to convert to.</param>
    public object? Get(int index, Type type) => ArgumentConversion.Read(Arguments, index, type, EventName);

    /// <summary>A middleware has made another event of this one.</summary>
    private protected void Replace(Packet packet)
    {
        Packet = packet;
        _arguments = null;
    }
}
