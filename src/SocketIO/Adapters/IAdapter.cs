using System.Collections.Immutable;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// Tells the other servers. The namespace delivers to its own sockets; the adapter tells the others. A namespace has one adapter, made by
/// <see cref="IAdapterFactory"/> and closed with the namespace, or none: then there are no others.
/// </summary>
/// <remarks>
/// <para>
/// All members are safe to call from any thread. What an adapter is told of has happened on this server already; its task completes when
/// the other servers know. A cluster that is away never makes these tasks fail, except where a result is asked for and documented
/// otherwise.
/// </para>
/// <para>
/// What other servers send, an adapter hands to <see cref="IAdapterNamespace.Rooms"/>. See Socket.IO's documentation, "Adapter", and the
/// adapter contract in docs/adapter.md.
/// </para>
/// </remarks>
public interface IAdapter : IAsyncDisposable
{
    /// <summary>Called once, right after the adapter was made and before any socket joins.</summary>
    ValueTask InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>The number of this server's sockets in the namespace, connected or not yet, has changed.</summary>
    /// <remarks>
    /// Called while the lock of <see cref="IAdapterNamespace.Rooms"/> is held, like the next two: in the order in which things happen. An
    /// implementation records and returns; it neither waits nor calls the rooms.
    /// </remarks>
    void OnSocketCountChanged(int sockets);

    /// <summary>A socket of this server has joined a room that it was not in.</summary>
    /// <param name="socketId">The socket.</param>
    /// <param name="room">The room.</param>
    /// <param name="size">How many sockets of this server are in the room now.</param>
    /// <remarks><inheritdoc cref="OnSocketCountChanged"/></remarks>
    void OnJoined(string socketId, string room, int size);

    /// <summary>A socket of this server has left a room that it was in.</summary>
    /// <param name="socketId">The socket.</param>
    /// <param name="room">The room.</param>
    /// <param name="size">How many sockets of this server are still in the room.</param>
    /// <remarks><inheritdoc cref="OnSocketCountChanged"/></remarks>
    void OnLeft(string socketId, string room, int size);

    /// <summary>
    /// Completes when broadcasts that start afterwards, on any server, follow what has happened to a socket and rooms so far: they come
    /// here on its account, or no longer do.
    /// </summary>
    ValueTask WhenToldAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends an event to every selected socket of the other servers. What one server sends in one namespace arrives everywhere in that
    /// order.
    /// </summary>
    /// <returns>
    /// Completes when the caller may send more. While many such tasks of what a socket's handlers send have not completed, no further
    /// event of that socket begins, and in the end nothing more is read from its client.
    /// </returns>
    ValueTask BroadcastAsync(Packet packet, BroadcastOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends an event that every selected socket of the other servers is asked to answer. The packet's ack id is chosen by each server.
    /// </summary>
    /// <param name="packet">The event.</param>
    /// <param name="options">Its recipients; <see cref="BroadcastOptions.Timeout"/> bounds the wait for answers.</param>
    /// <param name="onAck">Called for every answer as it comes, with the ack packet, never after the task has completed; must not
    /// block.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>How many sockets were asked, how many answered, and which servers could not be heard.</returns>
    /// <exception cref="ClusterUnavailableException">In all that time the cluster could not say which servers hold recipients.</exception>
    ValueTask<BroadcastAckResult> BroadcastWithAckAsync(
        Packet packet, BroadcastOptions options, Action<Packet> onAck, CancellationToken cancellationToken = default);

    /// <summary>Describes the selected sockets of the other servers.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<FetchSocketsResult> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets of the other servers join rooms. Ordered with broadcasts of this server.</summary>
    ValueTask SocketsJoinAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets of the other servers leave rooms. Ordered with broadcasts of this server.</summary>
    ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Disconnects the selected sockets of the other servers; broadcasts that this server sent before arrive before.</summary>
    /// <param name="options">The sockets.</param>
    /// <param name="close">Whether to close their connections, with all other namespaces on them.</param>
    /// <param name="cancellationToken">Stops the wait, not the disconnection.</param>
    ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken = default);

    /// <summary>Sends an event to the namespace's handlers on all other servers.</summary>
    ValueTask ServerSideEmitAsync(Packet packet, CancellationToken cancellationToken = default);

    /// <summary>Sends an event to the namespace's handlers on all other servers and collects one answer from each.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ServerSideEmitResult> ServerSideEmitWithAckAsync(
        Packet packet, TimeSpan? timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// The number of sockets in a room, cluster-wide; 0 for a room that nobody is in. Counts every join of this server that was
    /// called before.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>
    /// The sockets in a room, cluster-wide, in no particular order. Counts every join of this server that was called before.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Whether a socket is in a room, on whatever server. Counts every join of this server that was called before.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default);

    /// <summary>The servers that have this namespace, this one included, and how many sockets each holds in it.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The rooms that anybody is in, cluster-wide, private rooms and others whose names look like a socket id left out, in ordinal order.
    /// </summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="after">Only rooms behind this one, the last of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">How many at most; fewer mean that there are no more. From 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ImmutableArray<string>> RoomsAsync(string prefix, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on tells the listener the cluster-wide size of every room that has members on this server, whenever it changes,
    /// wherever the change came from. Changes in quick succession may be reported as one; the last one always is, and a report never
    /// goes back in time. Private rooms are not reported.
    /// </summary>
    /// <returns>Stops the reports when disposed.</returns>
    IDisposable WatchRoomSizes(Action<RoomSize> listener);

    /// <summary>
    /// From now on tells the listener, one at a time, of every room that comes into being or ends in the whole cluster. Rooms whose names
    /// look like a socket id, private ones among them, are not told.
    /// </summary>
    /// <remarks>
    /// Each coming and going is told once to each listener, whatever server has the members and whatever silos are lost meanwhile. While
    /// the cluster is away nothing is told; afterwards what is different from before.
    /// </remarks>
    RoomWatch WatchRooms(Action<RoomChange> listener);
}

/// <summary>Makes the adapter of each namespace.</summary>
public interface IAdapterFactory
{
    /// <summary>
    /// Whether clients that come back may be given their sockets again; if not, a server that is asked for
    /// <see cref="SocketIOOptions.ConnectionStateRecovery"/> does not start. A server keeps its own sockets alone, so that such clients
    /// have to come back to the same one.
    /// </summary>
    bool SupportsConnectionStateRecovery => false;

    /// <summary>Makes the adapter of a namespace that has just been created.</summary>
    IAdapter Create(IAdapterNamespace ns);
}
