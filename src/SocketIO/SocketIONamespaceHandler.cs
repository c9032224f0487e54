namespace OrleansRooms.SocketIO;

/// <summary>
/// A namespace as a class: who comes in, who leaves, and a method for each event. Added with <c>AddNamespace&lt;T&gt;("/name")</c>, or for
/// namespaces made on demand with <see cref="IConnectionPipeline.UseHandler{THandler}"/>.
/// </summary>
/// <remarks>
/// <para>
/// Every call has an instance of its own, made from a scope of the application's services that ends when the returned task does; what has
/// to outlast a call belongs into <see cref="IRemoteSocket.Data"/> or a service. Calls for one socket begin in the order of its events,
/// those for different sockets run in parallel; see <see cref="ISocket"/>.
/// </para>
/// <para>
/// Parameters of event methods are, in this order of precedence: the <see cref="ISocket"/>, its <see cref="INamespace"/>, the
/// <see cref="EventContext"/>, a <see cref="CancellationToken"/> that is cancelled when the socket disconnects; services, which are
/// recognised by their type or marked <c>[FromServices]</c> or <c>[FromKeyedServices]</c>; and the event's arguments, one after the other.
/// A missing argument has the parameter's default. What a method returns, or what its task results in, is the ack; <c>[Authorize]</c> on
/// the class keeps clients out of the namespace, on a method it holds back the event.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Authorize("admins")]
/// public sealed class AdminNamespace(IOrders orders) : SocketIONamespaceHandler
/// {
///     public override Task OnConnectedAsync(ISocket socket) => socket.JoinAsync("ops").AsTask();
///
///     [SocketEvent("order:delete")]
///     public Task&lt;bool&gt; DeleteAsync(int id, ISocket socket, CancellationToken disconnected) =>
///         orders.DeleteAsync(id, socket.User, disconnected);
/// }
/// </code>
/// </example>
public abstract class SocketIONamespaceHandler
{
    /// <summary>
    /// A client wants to enter the namespace. Throw <see cref="ConnectErrorException"/> to refuse it; see
    /// <see cref="IConnectionPipeline.Use"/>.
    /// </summary>
    /// <param name="socket">The socket that it will have, not connected yet.</param>
    /// <param name="cancellationToken">Cancelled when the client has left or was refused because this took too long.</param>
    public virtual ValueTask OnConnectingAsync(ISocket socket, CancellationToken cancellationToken) => default;

    /// <summary>
    /// A client has entered the namespace. Its events are handled meanwhile, unless <see cref="SocketIOOptions.HandlerDispatch"/> is
    /// <see cref="HandlerDispatch.Sequential"/>.
    /// </summary>
    /// <param name="socket">The client's socket.</param>
    public virtual Task OnConnectedAsync(ISocket socket) => Task.CompletedTask;

    /// <summary>A client has left the namespace and its rooms.</summary>
    /// <param name="socket">The socket that it had.</param>
    /// <param name="reason">Why.</param>
    /// <param name="description">A sentence that says more, if there is one.</param>
    public virtual Task OnDisconnectedAsync(ISocket socket, DisconnectReason reason, string? description) => Task.CompletedTask;
}
