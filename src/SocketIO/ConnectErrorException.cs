namespace OrleansRooms.SocketIO;

/// <summary>
/// Thrown by a connection middleware to refuse a client, which receives <c>connect_error</c> with this message and data (Socket.IO
/// documentation, "Middlewares"). The message of any other exception is not shown to the client.
/// </summary>
/// <example>
/// <code>
/// io.Use(async (socket, next) =>
/// {
///     if (socket.Handshake.Auth.GetString("token") is null)
///     {
///         throw new ConnectErrorException("not authorized", new { code = 42 });
///     }
///
///     await next();
/// });
/// </code>
/// </example>
public sealed class ConnectErrorException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="message">The client's <c>err.message</c>.</param>
    /// <param name="data">The client's <c>err.data</c>, written as JSON; left out when <see langword="null"/>.</param>
    public ConnectErrorException(string message, object? data = null)
        : base(message)
    {
        ErrorData = data;
    }

    /// <summary>Creates the refusal with what caused it, which the client does not see.</summary>
    /// <param name="message">The client's <c>err.message</c>.</param>
    /// <param name="data">The client's <c>err.data</c>, written as JSON; left out when <see langword="null"/>.</param>
    /// <param name="innerException">The cause, for logs.</param>
    public ConnectErrorException(string message, object? data, Exception innerException)
        : base(message, innerException)
    {
        ErrorData = data;
    }

    /// <summary>The client's <c>err.data</c>.</summary>
    public object? ErrorData { get; }
}
