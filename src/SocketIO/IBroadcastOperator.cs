namespace OrleansRooms.SocketIO;

/// <summary>
/// Chooses to whom an event goes and how. Immutable: every modifier returns another operator and leaves this one as it is, so an
/// operator may be kept and shared (Socket.IO documentation, "Broadcasting events").
/// </summary>
/// <example>
/// <code>
/// await io.To("room1").To("room2").Except("muted").EmitAsync("news", new { id = 7 });
/// await io.Volatile.EmitAsync("cursor", 10, 20);
/// </code>
/// </example>
public interface IBroadcastOperator : IEventTarget
{
    /// <summary>
    /// Adds rooms. The recipients are the union of all rooms, each socket once; without any room it is the whole namespace. A
    /// room that nobody is in contributes nobody.
    /// </summary>
    /// <example><code>await io.To("room1", "room2").EmitAsync("hello");</code></example>
    IBroadcastOperator To(params ReadOnlySpan<string> rooms);

    /// <summary>The same as <see cref="To"/>; reads better before <see cref="FetchSocketsAsync"/> and its kind.</summary>
    IBroadcastOperator In(params ReadOnlySpan<string> rooms);

    /// <summary>Leaves out the members of rooms; a socket's id is a room that holds that socket.</summary>
    IBroadcastOperator Except(params ReadOnlySpan<string> rooms);

    /// <summary>Only sockets of this server process.</summary>
    IBroadcastOperator Local { get; }

    /// <summary>
    /// Drops the event for those whose connection cannot take it right now (Socket.IO documentation, "Volatile events").
    /// </summary>
    IBroadcastOperator Volatile { get; }

    /// <summary>Whether the transport may compress the event; it may by default.</summary>
    IBroadcastOperator Compress(bool compress);

    /// <summary>Gives the answers a time, which is what makes it possible to ask for them.</summary>
    /// <param name="timeout">How long the answers are awaited.</param>
    /// <example>
    /// <code>
    /// try
    /// {
    ///     IReadOnlyList&lt;int&gt; votes = await io.To("room1").Timeout(TimeSpan.FromSeconds(10)).EmitWithAckAsync&lt;int&gt;("vote");
    /// }
    /// catch (BroadcastAckException&lt;int&gt; e)
    /// {
    ///     Console.WriteLine($"{e.Responses.Count} of {e.ExpectedCount} voted.");
    /// }
    /// </code>
    /// </example>
    ITimedBroadcastOperator Timeout(TimeSpan timeout);

    /// <summary>The sockets that this operator selects, on all servers of the cluster unless it is <see cref="Local"/>.</summary>
    /// <returns>
    /// An <see cref="ISocket"/> for each socket of this server, and a snapshot that can still be commanded for each of the others.
    /// </returns>
    /// <exception cref="FetchSocketsException">Some server did not answer in time; it carries what the others said.</exception>
    /// <example>
    /// <code>
    /// foreach (var s in await io.In("room1").FetchSocketsAsync())
    /// {
    ///     await s.JoinAsync("room2");
    /// }
    /// </code>
    /// </example>
    Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the selected sockets join rooms. An emit to these rooms that follows reaches them, without an await between.
    /// </summary>
    ValueTask SocketsJoinAsync(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="SocketsJoinAsync(ReadOnlySpan{string})"/>
    ValueTask SocketsJoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets leave rooms.</summary>
    ValueTask SocketsLeaveAsync(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="SocketsLeaveAsync(ReadOnlySpan{string})"/>
    ValueTask SocketsLeaveAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Disconnects the selected sockets; events emitted before arrive before.</summary>
    /// <param name="close">Whether to close their connections, with all other namespaces on them.</param>
    /// <param name="cancellationToken">Stops the wait for the cluster, not the disconnection.</param>
    ValueTask DisconnectSocketsAsync(bool close = false, CancellationToken cancellationToken = default);
}

/// <summary>
/// A broadcast operator whose answers have a time, so that it can ask for them; see <see cref="IBroadcastOperator.Timeout"/>.
/// </summary>
public interface ITimedBroadcastOperator : IBroadcastOperator, IBroadcastAckTarget
{
    /// <inheritdoc cref="IBroadcastOperator.To"/>
    new ITimedBroadcastOperator To(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IBroadcastOperator.In"/>
    new ITimedBroadcastOperator In(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IBroadcastOperator.Except"/>
    new ITimedBroadcastOperator Except(params ReadOnlySpan<string> rooms);

    /// <inheritdoc cref="IBroadcastOperator.Local"/>
    new ITimedBroadcastOperator Local { get; }

    /// <inheritdoc cref="IBroadcastOperator.Volatile"/>
    new ITimedBroadcastOperator Volatile { get; }

    /// <inheritdoc cref="IBroadcastOperator.Compress"/>
    new ITimedBroadcastOperator Compress(bool compress);
}
