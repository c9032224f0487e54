using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Handlers;

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

    /// <summary>
    /// Adds a way to find out who a client is, asked before authorization and middlewares. Whom it returns becomes
    /// <see cref="ISocket.User"/>, until then the user of the HTTP request; <see langword="null"/> leaves it as it is. An exception refuses
    /// the client, as in a middleware.
    /// </summary>
    /// <param name="authenticate">Finds out; its token is cancelled when the client leaves meanwhile.</param>
    /// <returns>This pipeline.</returns>
    /// <example>
    /// <code>
    /// io.Authenticate(async (socket, cancellationToken) =>
    ///     await sessions.FindUserAsync(socket.Handshake.Auth.GetString("session"), cancellationToken));
    /// </code>
    /// </example>
    IConnectionPipeline Authenticate(Func<ISocket, CancellationToken, ValueTask<ClaimsPrincipal?>> authenticate);

    /// <summary>
    /// Lets only clients in whose <see cref="ISocket.User"/> meets a demand, checked when they enter, after authentication and before
    /// middlewares. Others receive <c>connect_error</c> with the message <c>Unauthorized</c> and stay connected to other namespaces.
    /// Authorization handlers find the <see cref="ISocket"/> as their resource.
    /// </summary>
    /// <remarks>
    /// Schemes that a policy names look at the headers of the request with which the connection began. A policy or scheme that is not there
    /// stops the host from starting.
    /// </remarks>
    /// <param name="authorizeData">Policies by name, roles, schemes, all of which have to be met; none for the default policy.</param>
    /// <returns>This pipeline.</returns>
    IConnectionPipeline RequireAuthorization(params IAuthorizeData[] authorizeData);

    /// <inheritdoc cref="RequireAuthorization(IAuthorizeData[])"/>
    /// <param name="policy">The policy.</param>
    IConnectionPipeline RequireAuthorization(AuthorizationPolicy policy);

    /// <summary>Adds a class that handles connections and events; see <see cref="SocketIONamespaceHandler"/>.</summary>
    /// <typeparam name="THandler">The class; it need not be registered.</typeparam>
    /// <returns>This pipeline.</returns>
    /// <exception cref="InvalidOperationException">The class cannot work; the message says what to change.</exception>
    /// <example><code>io.Of(new Regex(@"^/tenant-\d+$")).UseHandler&lt;TenantNamespace&gt;();</code></example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    IConnectionPipeline UseHandler<[DynamicallyAccessedMembers(TrimmedHandlers.Members)] THandler>()
        where THandler : SocketIONamespaceHandler;
}
