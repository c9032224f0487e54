namespace OrleansRooms.Emitter;

/// <summary>
/// Chooses to whom an event goes and how. Immutable: every modifier returns another operator and leaves this one as it is, so an operator
/// may be kept and shared.
/// </summary>
/// <example>
/// <code>
/// await emitter.To("room1").To("room2").Except("muted").EmitAsync("news", new { id = 7 });
/// await emitter.In("room1").SocketsJoinAsync("room2");
/// await emitter.In(socketId).DisconnectSocketsAsync(close: true);
/// </code>
/// </example>
public interface IEmitterOperator : IEmitterTarget
{
    /// <summary>
    /// Adds rooms. The recipients are the union of all rooms, each socket once; without any room it is the whole namespace. A socket's id
    /// is a room that holds that socket. A room that nobody is in contributes nobody.
    /// </summary>
    IEmitterOperator To(params ReadOnlySpan<string> rooms);

    /// <summary>The same as <see cref="To"/>; reads better before <see cref="FetchSocketsAsync"/> and its kind.</summary>
    IEmitterOperator In(params ReadOnlySpan<string> rooms);

    /// <summary>Leaves out the members of rooms; a socket's id is a room that holds that socket.</summary>
    IEmitterOperator Except(params ReadOnlySpan<string> rooms);

    /// <summary>
    /// Drops the event for those whose connection cannot take it right now, and before others when the queue to the cluster is full.
    /// </summary>
    IEmitterOperator Volatile { get; }

    /// <summary>Whether the transport may compress the event; it may by default.</summary>
    IEmitterOperator Compress(bool compress);

    /// <summary>Gives the answers a time, which is what makes it possible to ask for them.</summary>
    /// <param name="timeout">How long the answers are awaited.</param>
    ITimedEmitterOperator Timeout(TimeSpan timeout);

    /// <summary>The sockets that this operator selects, on all servers that have any.</summary>
    /// <exception cref="FetchedSocketsException">Some server did not answer in time; it carries what the others said.</exception>
    /// <exception cref="EmitterUnavailableException">The cluster did not say in time which servers have such sockets.</exception>
    Task<IReadOnlyList<EmitterSocket>> FetchSocketsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the selected sockets join rooms. An emit of this process to these rooms that follows reaches them, without an await between.
    /// </summary>
    /// <returns>
    /// Completes when everybody in the cluster can emit to the rooms and reach them; at the latest after
    /// <see cref="SocketIOEmitterOptions.JoinTimeout"/>, and at once while the cluster is known to be away.
    /// </returns>
    ValueTask SocketsJoinAsync(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="SocketsJoinAsync(ReadOnlySpan{string})"/>
    ValueTask SocketsJoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets leave rooms.</summary>
    /// <returns>Is complete when the method returns, as that of <see cref="IEmitterTarget.EmitCoreAsync"/> is.</returns>
    ValueTask SocketsLeaveAsync(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="SocketsLeaveAsync(ReadOnlySpan{string})"/>
    ValueTask SocketsLeaveAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Disconnects the selected sockets; events emitted before arrive before.</summary>
    /// <param name="close">Whether to close their connections, with all other namespaces on them.</param>
    /// <param name="cancellationToken">Nobody is disconnected if it is cancelled already.</param>
    /// <returns>Is complete when the method returns, as that of <see cref="IEmitterTarget.EmitCoreAsync"/> is.</returns>
    ValueTask DisconnectSocketsAsync(bool close = false, CancellationToken cancellationToken = default);
}

/// <summary>An operator whose answers have a time, so that it can ask for them; see <see cref="IEmitterOperator.Timeout"/>.</summary>
public interface ITimedEmitterOperator : IEmitterOperator
{
    /// <inheritdoc cref="IEmitterOperator.To"/>
    new ITimedEmitterOperator To(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IEmitterOperator.In"/>
    new ITimedEmitterOperator In(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IEmitterOperator.Except"/>
    new ITimedEmitterOperator Except(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IEmitterOperator.Volatile"/>
    new ITimedEmitterOperator Volatile { get; }

    /// <inheritdoc cref="IEmitterOperator.Compress"/>
    new ITimedEmitterOperator Compress(bool compress);

    /// <summary>
    /// Emits an event and waits until every recipient has answered. What user code types is
    /// <c>Timeout(...).EmitWithAckAsync&lt;T&gt;("event", a, b)</c>.
    /// </summary>
    /// <typeparam name="T">The type of the first argument of each answer.</typeparam>
    /// <param name="eventName">The event's name.</param>
    /// <param name="args">The arguments, one per item.</param>
    /// <param name="cancellationToken">Ends the wait; later answers are ignored.</param>
    /// <returns>The first argument of each answer, in the order in which they came; empty when nobody was addressed.</returns>
    /// <exception cref="ClientAckException{T}">Not every recipient answered in time; it carries the answers that came.</exception>
    /// <exception cref="EmitterUnavailableException">The cluster did not say in time which servers have recipients.</exception>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    Task<IReadOnlyList<T>> EmitWithAckCoreAsync<T>(string eventName, object?[] args, CancellationToken cancellationToken = default);
}
