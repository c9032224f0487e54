namespace OrleansRooms.SocketIO;

/// <summary>
/// A socket wherever in the cluster it lives. What it says of a socket of another server is a snapshot of the moment at which it
/// was fetched; what is done to it is done to the socket itself (Socket.IO documentation, "Utility methods").
/// </summary>
public interface IRemoteSocket : ISocketOperator
{
    /// <summary>The socket's id: 20 random characters, the same on both sides. It is also the name of the socket's private room.</summary>
    string Id { get; }

    /// <summary>What the client said when it connected.</summary>
    Handshake Handshake { get; }

    /// <summary>The rooms the socket is in, its private room included.</summary>
    IReadOnlyCollection<string> Rooms { get; }

    /// <summary>
    /// Whatever the application wants to remember of the socket. Other servers of the cluster see it, as JSON, when they fetch the
    /// socket; what they change in their copy stays there.
    /// </summary>
    SocketData Data { get; }

    /// <summary>Adds the socket to a room.</summary>
    /// <returns>
    /// Completes when the whole cluster knows. On this server the socket is in the room when the method returns: an emit to the room
    /// that follows without an await reaches it. Joining after the disconnect does nothing.
    /// </returns>
    ValueTask JoinAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Adds the socket to several rooms; see <see cref="JoinAsync(string, CancellationToken)"/>.</summary>
    /// <example><code>await socket.JoinAsync("lobby", "news");</code></example>
    ValueTask JoinAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Adds the socket to several rooms; see <see cref="JoinAsync(string, CancellationToken)"/>.</summary>
    ValueTask JoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Takes the socket out of a room; a room it is not in is ignored.</summary>
    ValueTask LeaveAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Takes the socket out of its namespace, with the reason <see cref="DisconnectReason.ServerNamespaceDisconnect"/>.</summary>
    /// <param name="close">Whether to close the whole connection, with all other namespaces on it.</param>
    /// <returns>Completes when the socket has left its rooms.</returns>
    /// <remarks>JavaScript clients do not reconnect by themselves after this.</remarks>
    ValueTask DisconnectAsync(bool close = false);
}
