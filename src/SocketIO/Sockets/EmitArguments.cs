using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>What every emit checks before anything else.</summary>
internal static class EmitArguments
{
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    public static void Check(string eventName, object?[] args)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(args);
        ReservedEvents.ThrowIfReserved(eventName);
    }

    /// <summary>What everything that asks for answers checks before anything is sent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static void CheckTimeout(TimeSpan? timeout)
    {
        if (timeout is { } time && time != System.Threading.Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        }
    }
}
