using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO;

/// <summary>
/// One client in one namespace, on this server (Socket.IO documentation, "The Socket instance (server-side)"). All members may be
/// used from any thread.
/// </summary>
/// <remarks>
/// The handlers of one socket begin in the order in which the events arrived and never run in parallel up to their first
/// asynchronous wait. What a handler throws is logged and given to the <see cref="OnError"/> listeners; the connection stays.
/// Emitting to a socket that has disconnected does nothing.
/// </remarks>
/// <example>
/// <code>
/// io.OnConnection(socket =>
/// {
///     socket.On&lt;string&gt;("chat message", async text => await io.EmitAsync("chat message", socket.Id, text));
///     socket.On("add", (int a, int b) => a + b);      // the return value is the ack
///     socket.OnDisconnect(reason => Console.WriteLine($"{socket.Id} left: {reason.ToProtocolString()}"));
/// });
/// </code>
/// </example>
public interface ISocket : IRemoteSocket
{
    /// <summary>The namespace.</summary>
    INamespace Namespace { get; }

    /// <summary>
    /// Whether the client is connected to the namespace: <see langword="false"/> while middlewares run and after the disconnect.
    /// </summary>
    bool Connected { get; }

    /// <summary>
    /// Whether the client has come back to the socket it had before its connection broke: id, rooms and data are what they were, and the
    /// events that it missed are on their way. Only with <see cref="SocketIOOptions.ConnectionStateRecovery"/>.
    /// </summary>
    /// <example>
    /// <code>
    /// if (!socket.Recovered)
    /// {
    ///     await socket.JoinAsync("lobby");
    /// }
    /// </code>
    /// </example>
    bool Recovered { get; }

    /// <summary>Cancelled when the socket disconnects.</summary>
    CancellationToken Disconnected { get; }

    /// <summary>
    /// Who the client is: whom <see cref="IConnectionPipeline.Authenticate"/> found in this namespace, else whom ASP.NET Core's
    /// authentication found for the first HTTP request of the connection, else an anonymous principal.
    /// </summary>
    ClaimsPrincipal User { get; }

    /// <summary>The connection, which other namespaces of the same client may share (<c>socket.conn</c>).</summary>
    IConnection Connection { get; }

    /// <summary>Everybody in the namespace but this socket.</summary>
    IBroadcastOperator Broadcast { get; }

    /// <summary>Everybody but this socket, on this server process.</summary>
    IBroadcastOperator Local { get; }

    /// <summary>The members of rooms but this socket.</summary>
    /// <example><code>await socket.To("lobby").EmitAsync("joined", socket.Id);</code></example>
    IBroadcastOperator To(params ReadOnlySpan<string> rooms);

    /// <summary>The same as <see cref="To"/>.</summary>
    IBroadcastOperator In(params ReadOnlySpan<string> rooms);

    /// <summary>Everybody but this socket and the members of rooms.</summary>
    IBroadcastOperator Except(params ReadOnlySpan<string> rooms);

    /// <summary>
    /// Registers a handler that looks at the event itself. For typed arguments see <see cref="On(string, Delegate)"/>.
    /// </summary>
    /// <param name="eventName">The event; a number on the wire counts as its text.</param>
    /// <param name="handler">The handler.</param>
    /// <returns>Removes the handler when disposed (<c>socket.off</c>).</returns>
    /// <exception cref="ArgumentException">The name is reserved; for disconnects see <see cref="OnDisconnect"/>.</exception>
    /// <example>
    /// <code>
    /// socket.On("upload", async (EventContext c) =>
    /// {
    ///     byte[]? file = c.Get&lt;byte[]&gt;(0);
    ///     await c.AckAsync(new { size = file?.Length });
    /// });
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)]
    IDisposable On(string eventName, Func<EventContext, Task> handler);

    /// <inheritdoc cref="On(string, Func{EventContext, Task})"/>
    IDisposable On(string eventName, Func<EventContext, ValueTask> handler);

    /// <inheritdoc cref="On(string, Func{EventContext, Task})"/>
    IDisposable On(string eventName, Action<EventContext> handler);

    /// <summary>
    /// Registers a handler with typed parameters, as ASP.NET Core's minimal APIs do: a lambda that names the types of its parameters, or a
    /// method.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Parameters are, in this order of precedence: the <see cref="EventContext"/>; the <see cref="INamespace"/>; the
    /// <see cref="ISocket"/>; a <see cref="CancellationToken"/> that is cancelled when the socket disconnects; services, which are
    /// recognised by their type or marked <c>[FromServices]</c> or <c>[FromKeyedServices]</c>, from a scope that ends with the call; and
    /// the event's arguments, one after the other. Arguments that the sender left out are the parameter's default. What the handler
    /// returns, or what its task results in, is the answer, if the sender asked for one.
    /// </para>
    /// <para>
    /// An event with arguments that cannot be converted does not reach the handler but the <see cref="OnError"/> listeners.
    /// </para>
    /// </remarks>
    /// <param name="eventName">The event; a number on the wire counts as its text.</param>
    /// <param name="handler">The handler.</param>
    /// <returns>Removes the handler when disposed (<c>socket.off</c>).</returns>
    /// <exception cref="ArgumentException">
    /// The name is reserved, or the handler cannot be bound: it is <c>async void</c>, asks for a service that is not there, returns a tuple
    /// and the like. The message says what to change.
    /// </exception>
    /// <example>
    /// <code>
    /// socket.On("add", (int a, int b) => a + b);      // (a, b, callback) => callback(a + b) in JavaScript
    /// socket.On("order", async (Order order, IOrders orders, CancellationToken disconnected) =>
    ///     await orders.PlaceAsync(order, disconnected));
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    IDisposable On(string eventName, Delegate handler);

    /// <summary>Registers a handler for the next event of that name only.</summary>
    /// <inheritdoc cref="On(string, Func{EventContext, Task})"/>
    [OverloadResolutionPriority(1)]
    IDisposable Once(string eventName, Func<EventContext, Task> handler);

    /// <inheritdoc cref="Once(string, Func{EventContext, Task})"/>
    IDisposable Once(string eventName, Func<EventContext, ValueTask> handler);

    /// <inheritdoc cref="Once(string, Func{EventContext, Task})"/>
    IDisposable Once(string eventName, Action<EventContext> handler);

    /// <summary>Registers a handler with typed parameters for the next event of that name only.</summary>
    /// <inheritdoc cref="On(string, Delegate)"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    IDisposable Once(string eventName, Delegate handler);

    /// <summary>Removes the handlers of one event, or of all events (<c>removeAllListeners</c>).</summary>
    void Off(string? eventName = null);

    /// <summary>
    /// Registers a listener for every event that comes in, whatever its name and before any middleware (Socket.IO documentation, "Catch-all
    /// listeners").
    /// </summary>
    /// <returns>Removes the listener when disposed (<c>offAny</c>).</returns>
    /// <example><code>socket.OnAny(e => Console.WriteLine($"got {e.EventName}"));</code></example>
    [OverloadResolutionPriority(1)]
    IDisposable OnAny(Func<EventContext, Task> listener);

    /// <inheritdoc cref="OnAny(Func{EventContext, Task})"/>
    IDisposable OnAny(Action<EventContext> listener);

    /// <summary>
    /// Like <see cref="OnAny(Func{EventContext, Task})"/>, but the listener is called before those that are there already.
    /// </summary>
    [OverloadResolutionPriority(1)]
    IDisposable PrependAny(Func<EventContext, Task> listener);

    /// <inheritdoc cref="PrependAny(Func{EventContext, Task})"/>
    IDisposable PrependAny(Action<EventContext> listener);

    /// <summary>Removes all listeners for incoming events of any name.</summary>
    void OffAny();

    /// <summary>
    /// The catch-all listeners for incoming events, as they were given and in the order in which they are called (<c>listenersAny</c>).
    /// </summary>
    IReadOnlyList<Delegate> AnyListeners { get; }

    /// <summary>
    /// Registers a listener for every event that goes out to this socket, be it emitted to it alone or broadcast, here or on another
    /// server; acks are none. It is called soon after the event was queued, when it is its turn among the socket's handlers.
    /// </summary>
    /// <returns>Removes the listener when disposed (<c>offAnyOutgoing</c>).</returns>
    [OverloadResolutionPriority(1)]
    IDisposable OnAnyOutgoing(Func<OutgoingEvent, Task> listener);

    /// <inheritdoc cref="OnAnyOutgoing(Func{OutgoingEvent, Task})"/>
    IDisposable OnAnyOutgoing(Action<OutgoingEvent> listener);

    /// <summary>
    /// Like <see cref="OnAnyOutgoing(Func{OutgoingEvent, Task})"/>, but the listener is called before those that are there already.
    /// </summary>
    [OverloadResolutionPriority(1)]
    IDisposable PrependAnyOutgoing(Func<OutgoingEvent, Task> listener);

    /// <inheritdoc cref="PrependAnyOutgoing(Func{OutgoingEvent, Task})"/>
    IDisposable PrependAnyOutgoing(Action<OutgoingEvent> listener);

    /// <summary>Removes all listeners for outgoing events of any name.</summary>
    void OffAnyOutgoing();

    /// <summary>
    /// The catch-all listeners for outgoing events, as they were given and in the order in which they are called
    /// (<c>listenersAnyOutgoing</c>).
    /// </summary>
    IReadOnlyList<Delegate> AnyOutgoingListeners { get; }

    /// <summary>
    /// Adds a middleware through which every event of this socket passes, in the order of registration. It may change the event, and calls
    /// its second parameter to let it go on. An exception holds the event back and is given to the <see cref="OnError"/> listeners; the
    /// client is not told.
    /// </summary>
    /// <returns>This socket.</returns>
    /// <example>
    /// <code>
    /// socket.Use(async (packet, next) =>
    /// {
    ///     if (!await limiter.AllowsAsync(packet.Socket.Id, packet.EventName))
    ///     {
    ///         throw new InvalidOperationException("too many events");
    ///     }
    ///
    ///     await next();
    /// });
    /// </code>
    /// </example>
    ISocket Use(Func<IncomingPacket, Func<Task>, Task> middleware);

    /// <summary>
    /// Registers a listener that runs when the socket is about to disconnect and <see cref="IRemoteSocket.Rooms"/> still has its rooms.
    /// The rooms are left when the synchronous part of the listeners has run; what they await is not waited for.
    /// </summary>
    /// <param name="listener">Takes the reason and, where there is one, a sentence that says more.</param>
    /// <returns>Removes the listener when disposed.</returns>
    IDisposable OnDisconnecting(Func<DisconnectReason, string?, Task> listener);

    /// <summary>Registers a listener that runs when the socket has disconnected and left its rooms.</summary>
    /// <inheritdoc cref="OnDisconnecting"/>
    IDisposable OnDisconnect(Func<DisconnectReason, string?, Task> listener);

    /// <summary>
    /// Registers a listener for what went wrong with this socket: exceptions of handlers, arguments that a typed handler could not
    /// take, and packets that broke the protocol.
    /// </summary>
    /// <returns>Removes the listener when disposed.</returns>
    IDisposable OnError(Action<Exception> listener);
}
