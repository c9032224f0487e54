using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Reads arguments in the one way that handlers and answers share: missing ones are defaults, wrong ones are refused. Whatever a converter
/// throws, which may be the application's own, means that the argument is wrong.
/// </summary>
internal static class ArgumentConversion
{
    /// <exception cref="EventArgumentException">The argument is of another kind.</exception>
    public static T? Read<T>(PacketArguments arguments, int index, string eventName)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        try
        {
            return index < arguments.Count ? arguments.Get<T>(index) : default;
        }
        catch (Exception exception)
        {
            throw new EventArgumentException(eventName, index, typeof(T), exception);
        }
    }

    /// <exception cref="EventArgumentException">The argument is of another kind.</exception>
    public static object? Read(PacketArguments arguments, int index, Type type, string eventName)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentNullException.ThrowIfNull(type);
        if (index >= arguments.Count)
        {
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        try
        {
            return arguments.Get(index, type);
        }
        catch (Exception exception)
        {
            throw new EventArgumentException(eventName, index, type, exception);
        }
    }
}
