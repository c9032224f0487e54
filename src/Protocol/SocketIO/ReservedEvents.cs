namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// The event names that mean something to Socket.IO itself and therefore travel in neither direction (Socket.IO
/// documentation, "Emit cheatsheet"). <c>error</c> is not one of them.
/// </summary>
public static class ReservedEvents
{
    /// <summary>Whether a name is reserved; case matters.</summary>
    public static bool Contains(string name) =>
        name is "connect" or "connect_error" or "disconnect" or "disconnecting" or "newListener" or "removeListener";

    /// <summary>Refuses a reserved name.</summary>
    /// <exception cref="ArgumentException"><c>"connect" is a reserved event name</c>, as the JavaScript server says it.</exception>
    public static void ThrowIfReserved(string name)
    {
        if (Contains(name)) throw new ArgumentException($"\"{name}\" is a reserved event name");
    }

    /// <summary>Refuses a name that servers must not send to one another, because their own namespaces raise it.</summary>
    /// <exception cref="ArgumentException">It is <c>connect</c>, <c>connection</c> or <c>new_namespace</c>.</exception>
    public static void ThrowIfReservedForServers(string name)
    {
        if (name is "connect" or "connection" or "new_namespace") throw new ArgumentException($"\"{name}\" is a reserved event name");
    }
}
