using System.Runtime.CompilerServices;

namespace OrleansRooms.SocketIO;

/// <summary>
/// What a client passes on its way into a namespace, and who hears that it has arrived: a namespace, or a parent on behalf of the children
/// to come.
/// </summary>
public interface IConnectionPipeline
{
    /// <summary>The services of the application, from which middlewares may be made.</summary>
    IServiceProvider ApplicationServices { get; }

    /// <summary>
    /// Registers a listener for new sockets. Event handlers belong into its synchronous part: what the client sends while the listener
    /// awaits something is handled meanwhile, unless <see cref="SocketIOOptions.HandlerDispatch"/> is
    /// <see cref="HandlerDispatch.Sequential"/>.
    /// </summary>
    /// <returns>Removes the listener when disposed.</returns>
    /// <example>
    /// <code>
    /// io.OnConnection(async socket =>
    /// {
    ///     socket.On&lt;string&gt;("message", text => Console.WriteLine(text));
    ///     await socket.JoinAsync("lobby");
    /// });
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)]
    IDisposable OnConnection(Func<ISocket, Task> listener);

    /// <inheritdoc cref="OnConnection(Func{ISocket, Task})"/>
    IDisposable OnConnection(Func<ISocket, ValueTask> listener);

    /// <inheritdoc cref="OnConnection(Func{ISocket, Task})"/>
    IDisposable OnConnection(Action<ISocket> listener);

    /// <summary>
    /// Adds a middleware that every client passes before it is connected, in the order of registration. It calls its second parameter to
    /// let the client go on, or throws <see cref="ConnectErrorException"/>; a client that is neither let on nor refused is refused.
    /// </summary>
    /// <remarks>
    /// <see cref="ISocket.Connected"/> is false here, rooms can be joined already, and what is emitted to the socket is sent at once. What
    /// follows the call of <c>next</c> still runs before the client is told that it is connected.
    /// </remarks>
    /// <returns>This pipeline.</returns>
    /// <example>
    /// <code>
    /// io.Of("/chat").Use(async (socket, next) =>
    /// {
    ///     if (socket.Handshake.Auth.GetString("token") is not { } token || !await Validate(token))
    ///     {
    ///         throw new ConnectErrorException("not authorized");
    ///     }
    ///
    ///     await next();
    /// });
    /// </code>
    /// </example>
    IConnectionPipeline Use(Func<ISocket, Func<Task>, Task> middleware);
}
