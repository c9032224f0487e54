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
}
