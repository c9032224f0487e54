using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO;

/// <summary>An event on its way to the handlers, which a middleware of the socket may change or hold back.</summary>
public sealed class IncomingPacket
{
    private readonly PacketSerializer _serializer;
    private readonly string _name;
    private readonly RawArgument[] _originals;
    private List<object?>? _args;

    internal IncomingPacket(EventContext context, PacketSerializer serializer)
    {
        _serializer = serializer;
        Socket = context.Socket;
        ExpectsAck = context.ExpectsAck;
        EventName = _name = context.EventName;
        _originals = new RawArgument[context.Count];
        for (var i = 0; i < _originals.Length; i++)
        {
            _originals[i] = context.Arguments[i];
        }
    }

    /// <summary>The socket that received it.</summary>
    public ISocket Socket { get; }

    /// <summary>Whether the client waits for an answer.</summary>
    public bool ExpectsAck { get; }

    /// <summary>The name; the handlers of the name that it has in the end are run.</summary>
    public string EventName { get; set; }

    /// <summary>
    /// The arguments, each a <see cref="RawArgument"/> until a middleware puts something else in its place; items may be added and removed.
    /// </summary>
    public IList<object?> Args => _args ??= [.. _originals.Select(argument => (object?)argument)];

    /// <summary>One argument as a .NET value.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <returns>The default of <typeparamref name="T"/> when there are fewer arguments.</returns>
    /// <exception cref="System.Text.Json.JsonException">The argument is of another kind.</exception>
    /// <exception cref="InvalidCastException">A middleware put something of another type in its place.</exception>
    public T? Get<T>(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (_args is null)
        {
            return index < _originals.Length ? _serializer.Deserialize<T>(_originals[index]) : default;
        }

        return (index < _args.Count ? _args[index] : null) switch
        {
            RawArgument raw => _serializer.Deserialize<T>(raw),
            null => default,
            var value => (T)value,
        };
    }

    /// <summary>The packet that a middleware has made of it, or <see langword="null"/> when it is unchanged.</summary>
    internal Packet? Changed(Packet original)
    {
        if (EventName == _name && (_args is null || _args.SequenceEqual(_originals.Select(argument => (object?)argument))))
        {
            return null;
        }

        var args = _args ?? [.. _originals.Select(argument => (object?)argument)];
        return _serializer.Event(original.Namespace, EventName, args.ToArray(), original.AckId);
    }
}
