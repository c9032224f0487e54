namespace OrleansRooms.SocketIO;

/// <summary>
/// Something that events can be emitted to: one socket, some rooms or a whole namespace. What user code types is
/// <c>EmitAsync("event", a, b)</c>, see <see cref="EventTargetExtensions"/>.
/// </summary>
public interface IEventTarget
{
    /// <summary>Emits an event whose arguments are already in an array; each item is one argument.</summary>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">
    /// The arguments. <c>byte[]</c>, <c>Memory&lt;byte&gt;</c> and their kind travel as binary attachments at whatever depth; all
    /// else becomes JSON.
    /// </param>
    /// <param name="cancellationToken">Nothing is emitted if it is cancelled already.</param>
    /// <returns>
    /// Completes when the outbound queue has accepted the event. The event takes its place in that queue before the method
    /// returns, so two emits without an await between them keep their order.
    /// </returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>connect</c>.</exception>
    ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default);
}

/// <summary>
/// One socket that can be asked for an answer. What user code types is <c>EmitWithAckAsync&lt;T&gt;("event", a, b)</c>, see
/// <see cref="AckTargetExtensions"/>.
/// </summary>
public interface IAckTarget : IEventTarget
{
    /// <summary>Emits an event and waits for the client's answer.</summary>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="cancellationToken">Ends the wait; a later answer is ignored.</param>
    /// <exception cref="SocketIOTimeoutException">No answer came within the time given to <c>Timeout</c>.</exception>
    /// <exception cref="SocketDisconnectedException">The socket is, or was, disconnected before it answered.</exception>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    Task<AckResult> EmitWithAckCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default);
}

/// <summary>
/// Several sockets that can be asked for an answer each, within a time. What user code types is
/// <c>Timeout(...).EmitWithAckAsync&lt;T&gt;("event", a, b)</c>, see <see cref="BroadcastAckTargetExtensions"/>.
/// </summary>
public interface IBroadcastAckTarget
{
    /// <summary>Emits an event and waits until every recipient has answered.</summary>
    /// <typeparam name="T">The type of the first argument of each answer.</typeparam>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="cancellationToken">Ends the wait; later answers are ignored.</param>
    /// <returns>The first argument of each answer, in the order in which they came; empty when nobody was addressed.</returns>
    /// <exception cref="BroadcastAckException{T}">Not every recipient answered in time; it carries the answers that came.</exception>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    Task<IReadOnlyList<T>> EmitWithAckCoreAsync<T>(string eventName, object?[] args, CancellationToken cancellationToken = default);

    /// <summary>Emits an event when the enumeration begins and yields the answers as they come.</summary>
    /// <typeparam name="T">The type of the first argument of each answer.</typeparam>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="cancellationToken">Ends the wait; later answers are ignored.</param>
    /// <exception cref="BroadcastAckException{T}">
    /// Thrown at the end of the enumeration when not every recipient answered in time.
    /// </exception>
    IAsyncEnumerable<T> EmitWithAckStreamCoreAsync<T>(string eventName, object?[] args, CancellationToken cancellationToken = default);
}
