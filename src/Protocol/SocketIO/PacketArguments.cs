namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// The arguments of one event or ack, found but not yet read: each is turned into a .NET value when it is asked for, into the
/// type it is asked for. Immutable; made by <see cref="PacketSerializer.Read"/>.
/// </summary>
public sealed class PacketArguments
{
    private readonly PacketSerializer _serializer;
    private readonly Packet _packet;
    private readonly Range[] _ranges;

    internal PacketArguments(PacketSerializer serializer, Packet packet, string eventName, Range[] ranges, int count)
    {
        _serializer = serializer;
        _packet = packet;
        _ranges = ranges;
        EventName = eventName;
        Count = count;
    }

    /// <summary>The name of the event, the digits of a numeric one; empty for an ack.</summary>
    public string EventName { get; }

    /// <summary>How many arguments there are, the name of the event not counted.</summary>
    public int Count { get; }

    /// <summary>One argument as it came; the default value when there are fewer.</summary>
    public RawArgument this[int index] =>
        (uint)index < (uint)Count ? new RawArgument(_packet.Payload[_ranges[index]], _packet.Attachments) : default;

    /// <summary>
    /// One argument as a <typeparamref name="T"/>; the type's default when there are fewer, as JavaScript would pass <c>undefined</c>.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The argument is no <typeparamref name="T"/>.</exception>
    public T? Get<T>(int index) => _serializer.Deserialize<T>(this[index]);

    /// <summary>One argument as a value of <paramref name="type"/>; the type's default when there are fewer.</summary>
    /// <exception cref="System.Text.Json.JsonException">The argument is no such value.</exception>
    public object? Get(int index, Type type) => _serializer.Deserialize(this[index], type);
}
