using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO;

/// <summary>
/// A part of the application with its own sockets, rooms, middlewares and handlers, over the same connections (Socket.IO documentation,
/// "Namespaces"). Emitting to it reaches everybody in it.
/// </summary>
public interface INamespace : IBroadcastOperator, IConnectionPipeline
{
    /// <summary>The name, with its leading slash.</summary>
    string Name { get; }

    /// <summary>The connected sockets of this server, by id. Reading it while sockets come and go is safe.</summary>
    IReadOnlyDictionary<string, ISocket> Sockets { get; }

    /// <summary>The rooms of this server alone, and their events, which Node.js has at <c>io.of("/").adapter</c>.</summary>
    LocalRooms Adapter { get; }

    /// <summary>
    /// Registers a handler for what other servers of the cluster send with <c>ServerSideEmitAsync</c>. For typed arguments see
    /// <see cref="OnServerEvent(string, Delegate)"/>.
    /// </summary>
    /// <returns>Removes the handler when disposed.</returns>
    /// <exception cref="ArgumentException">The name is <c>connect</c>, <c>connection</c> or <c>new_namespace</c>.</exception>
    [OverloadResolutionPriority(1)]
    IDisposable OnServerEvent(string eventName, Func<ServerEventContext, Task> handler);

    /// <inheritdoc cref="OnServerEvent(string, Func{ServerEventContext, Task})"/>
    IDisposable OnServerEvent(string eventName, Func<ServerEventContext, ValueTask> handler);

    /// <summary>
    /// Registers a handler with typed parameters for what other servers of the cluster send; what it returns is the answer. Parameters are
    /// bound as <see cref="ISocket.On(string, Delegate)"/> does it, but there is no socket and no token, and the event is a
    /// <see cref="ServerEventContext"/>.
    /// </summary>
    /// <param name="eventName">The event.</param>
    /// <param name="handler">The handler.</param>
    /// <returns>Removes the handler when disposed.</returns>
    /// <exception cref="ArgumentException">The name is reserved, or the handler cannot be bound; the message says what to
    /// change.</exception>
    /// <example><code>io.OnServerEvent("sockets", () => io.Sockets.Count);</code></example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    IDisposable OnServerEvent(string eventName, Delegate handler);

    /// <summary>Emits an event to the handlers of the other servers of the cluster, never to those of this one.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="args">The arguments, one per item.</param>
    /// <param name="cancellationToken">Nothing is emitted if it is cancelled already.</param>
    ValueTask ServerSideEmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default);

    /// <summary>Emits an event to the other servers of the cluster and collects one answer from each.</summary>
    /// <typeparam name="T">The type of each answer.</typeparam>
    /// <param name="eventName">The event.</param>
    /// <param name="args">The arguments, one per item.</param>
    /// <param name="timeout">How long answers are awaited; <see langword="null"/> for the adapter's default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One answer per other server; empty at once when there is none.</returns>
    /// <exception cref="ServerSideEmitException{T}">Some server did not answer in time.</exception>
    Task<IReadOnlyList<T>> ServerSideEmitWithAckCoreAsync<T>(
        string eventName, object?[] args, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>The number of sockets in a room, in the whole cluster; 0 for a room that nobody is in.</summary>
    ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>
    /// The sockets in a room, in the whole cluster, with the server that holds each; in no particular order. No server is asked.
    /// </summary>
    ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Whether a socket is in a room, on whatever server. No server is asked.</summary>
    ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default);

    /// <summary>
    /// The rooms that anybody is in, in the whole cluster, in ordinal order; private rooms, and others whose names look like a socket id,
    /// are left out. No server is asked. A room that came or went a moment ago may be missing or still be there.
    /// </summary>
    /// <param name="prefix">What their names begin with; empty, the default, for all.</param>
    /// <param name="after">Only rooms behind this one, the last of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">How many at most, from 1 to 10,000; fewer mean that there are no more. Default: 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix = "", string? after = null, int limit = 1000, CancellationToken cancellationToken = default);

    /// <summary>The servers in the cluster that have this namespace, this one included, and how many sockets each holds in it.</summary>
    ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default);

    /// <summary>The number of sockets in this namespace, in the whole cluster.</summary>
    ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default);

    /// <summary>The number of servers in the cluster that have this namespace, this one included.</summary>
    ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on tells the listener the cluster-wide size of every room that has members on this server, whenever it changes. Changes
    /// in quick succession may be told as one; the last always is. Private rooms are not told.
    /// </summary>
    /// <remarks>
    /// Every server with members is told, so a listener that passes the size on to its clients does it for its own (<c>Local</c>). A
    /// listener is not awaited before the next change is told; what it throws is logged.
    /// </remarks>
    /// <returns>Stops the reports when disposed.</returns>
    /// <example>
    /// <code>io.OnRoomSizeChanged(size => io.Local.To(size.Room).EmitAsync("size", size.Sockets));</code>
    /// </example>
    IDisposable OnRoomSizeChanged(Func<RoomSize, ValueTask> listener);

    /// <inheritdoc cref="OnRoomSizeChanged(Func{RoomSize, ValueTask})"/>
    IDisposable OnRoomSizeChanged(Action<RoomSize> listener);

    /// <summary>
    /// From now on tells the listener of every room that comes into being and every room that ends in the whole cluster, whatever server
    /// has its members. Unlike <see cref="LocalRooms.RoomCreated"/> and <see cref="LocalRooms.RoomDeleted"/>, which are about this server's
    /// own sockets, each happens once in the cluster, and each listener is told once. Private rooms, and others whose names look like a
    /// socket id, are not told.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Told is what is seen a moment after it happened: comings and goings of one room in their order, those of different rooms in any. A
    /// room that lived only for a moment may not be told at all, and one whose last member leaves a server in the moment in which the first
    /// joins on another may be told to end and to come again. While the cluster is away, or makes up for a lost silo, nothing is told;
    /// afterwards what is different from before.
    /// </para>
    /// <para>A listener is not awaited before the next change is told; what it throws is logged. It costs memory for the names of all
    /// rooms.</para>
    /// </remarks>
    /// <returns>Ends the reports when disposed.</returns>
    /// <example>
    /// <code>
    /// io.OnRoomChanged(async change =>
    /// {
    ///     if (change.Kind == RoomChangeKind.Deleted) await archive.CloseAsync(change.Room);
    /// });
    /// </code>
    /// </example>
    RoomWatch OnRoomChanged(Func<RoomChange, ValueTask> listener);

    /// <inheritdoc cref="OnRoomChanged(Func{RoomChange, ValueTask})"/>
    RoomWatch OnRoomChanged(Action<RoomChange> listener);
}
