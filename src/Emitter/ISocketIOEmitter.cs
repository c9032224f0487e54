using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Emitter;

/// <summary>
/// Emits to the clients of all Socket.IO servers of a cluster from a process that is none of them: a worker service, a silo, a grain
/// (Socket.IO documentation, "Emitter"). It is bound to one namespace, at first <c>/</c>; emitting to it reaches everybody there.
/// </summary>
/// <remarks>
/// <para>
/// Inject it anywhere; it may be used from any thread and from grains. What is emitted through it in one namespace arrives at each server
/// in that order, whatever it is. It holds no sockets, so it is never counted as a server.
/// </para>
/// <para>
/// Emits never fail for want of the cluster: they wait in a bounded queue
/// (<see cref="SocketIOEmitterOptions.MaxQueuedMessages"/>), also before the host has started, and what does not fit is dropped, counted
/// and logged once per episode. Their tasks complete at once, unless much waits already: then when there is room, at the latest after a
/// second. What asks for a result says when there is none.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// sealed class Prices(ISocketIOEmitter emitter) : BackgroundService
/// {
///     protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
///         await emitter.To("prices").EmitAsync("price", "ACME", 12.5m, stoppingToken);
/// }
/// </code>
/// </example>
public interface ISocketIOEmitter : IEmitterOperator
{
    /// <summary>The namespace it emits to, with its leading slash.</summary>
    string Namespace { get; }

    /// <summary>
    /// How this process stands with the cluster. <see cref="ClusterState.Degraded"/>: it does not answer, and what is emitted waits.
    /// </summary>
    ClusterState State { get; }

    /// <summary>An emitter for another namespace, which shares this one's connection. A missing leading slash is added.</summary>
    /// <exception cref="ArgumentException">The name has a comma, with which names end in packets: no client could name it.</exception>
    /// <example><code>await emitter.Of("/admin").To("ops").EmitAsync("alert", "disk full");</code></example>
    ISocketIOEmitter Of(string ns);

    /// <summary>
    /// Emits an event to the handlers of every server that has the namespace (<c>io.OnServerEvent</c>), each of which is another server
    /// than this process, since that is none. What user code types is <c>ServerSideEmitAsync("event", a, b)</c>.
    /// </summary>
    /// <param name="eventName">The event.</param>
    /// <param name="args">The arguments, one per item.</param>
    /// <param name="cancellationToken">Nothing is emitted if it is cancelled already.</param>
    /// <exception cref="ArgumentException">The name is <c>connect</c>, <c>connection</c> or <c>new_namespace</c>.</exception>
    ValueTask ServerSideEmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default);

    /// <summary>
    /// Emits an event to the handlers of every server that has the namespace, and collects one answer from each. What user code types is
    /// <c>ServerSideEmitWithAckAsync&lt;T&gt;("event", a, b)</c>.
    /// </summary>
    /// <typeparam name="T">The type of each answer.</typeparam>
    /// <param name="eventName">The event.</param>
    /// <param name="args">The arguments, one per item.</param>
    /// <param name="timeout">How long answers are awaited; <see langword="null"/> for
    /// <see cref="SocketIOEmitterOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One answer per server; empty at once when there is none.</returns>
    /// <exception cref="ServerAckException{T}">Some server did not answer in time.</exception>
    /// <exception cref="EmitterUnavailableException">The cluster did not say in time which servers there are.</exception>
    /// <exception cref="ArgumentException">The name is <c>connect</c>, <c>connection</c> or <c>new_namespace</c>.</exception>
    Task<IReadOnlyList<T>> ServerSideEmitWithAckCoreAsync<T>(
        string eventName, object?[] args, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The number of sockets in a room, in the whole cluster; 0 for a room that nobody is in. One call, to the room's owner.
    /// </summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>The sockets in a room, with the server that holds each; in no particular order. No server is asked.</summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<IReadOnlyList<EmitterRoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Whether a socket is in a room, on whatever server. No server is asked.</summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default);

    /// <summary>
    /// The rooms that anybody is in, in ordinal order; private rooms, and others whose names look like a socket id, are left out. No server
    /// is asked. A room that came or went a moment ago may be missing or still be there.
    /// </summary>
    /// <param name="prefix">What their names begin with; empty, the default, for all.</param>
    /// <param name="after">Only rooms behind this one, the last of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">How many at most, from 1 to 10,000; fewer mean that there are no more. Default: 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<IReadOnlyList<string>> RoomsAsync(
        string prefix = "", string? after = null, int limit = 1000, CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on tells the listener, one at a time, of every room that comes into being and every room that ends in the whole cluster.
    /// Private rooms, and others whose names look like a socket id, are not told.
    /// </summary>
    /// <remarks>
    /// Each is told once, a moment after it happened. While the cluster is away, or makes up for a lost silo, nothing is told; afterwards
    /// what is different from before. What the listener throws is logged.
    /// </remarks>
    /// <returns>Ends the reports when disposed.</returns>
    EmitterRoomWatch OnRoomChanged(Action<EmitterRoomChange> listener);

    /// <summary>The servers that have the namespace, and how many sockets each holds in it. Emitters are not among them.</summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<IReadOnlyList<EmitterServer>> ServersAsync(CancellationToken cancellationToken = default);

    /// <summary>The number of sockets in the namespace, in the whole cluster.</summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default);

    /// <summary>The number of servers that have the namespace. Emitters are not counted.</summary>
    /// <exception cref="EmitterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default);
}
