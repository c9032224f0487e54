namespace OrleansRooms.SocketIO;

/// <summary>Chooses how an event goes to one socket. Immutable, like <see cref="IBroadcastOperator"/>.</summary>
/// <example>
/// <code>
/// await socket.Volatile.EmitAsync("cursor", 10, 20);
/// string pong = await socket.Timeout(TimeSpan.FromSeconds(5)).EmitWithAckAsync&lt;string&gt;("ping");
/// </code>
/// </example>
public interface ISocketOperator : IAckTarget
{
    /// <summary>
    /// Drops the event when the connection cannot take it right now (Socket.IO documentation, "Volatile events").
    /// </summary>
    ISocketOperator Volatile { get; }

    /// <summary>Whether the transport may compress the event; it may by default.</summary>
    ISocketOperator Compress(bool compress);

    /// <summary>How long an answer is awaited.</summary>
    /// <param name="timeout">
    /// Without this step the answer is awaited until the socket disconnects, on whatever server it is.
    /// </param>
    ISocketOperator Timeout(TimeSpan timeout);
}
