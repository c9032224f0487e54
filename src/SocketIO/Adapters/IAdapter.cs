using System.Collections.Immutable;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// The part of one namespace that knows which sockets are in which room and carries packets to them, also to those that other
/// nodes hold. A namespace has one adapter, made by <see cref="IAdapterFactory"/> and closed with the namespace.
/// </summary>
/// <remarks>
/// All members are safe to call from any thread. Whatever concerns this node's own sockets has happened when a call returns, not
/// only when its task completes: <c>JoinAsync</c> followed by a broadcast, without an await between them, reaches the joined socket. The task
/// completes when the rest of the cluster knows too. A cluster that is away never makes these tasks fail, except where a result
/// is asked for and documented otherwise. See Socket.IO's documentation, "Adapter", and the adapter contract in docs/adapter.md.
/// </remarks>
public interface IAdapter : IAsyncDisposable
{
    /// <summary>Called once, right after the adapter was made and before any socket joins.</summary>
    ValueTask InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds a socket to rooms; the socket is known from then on, even without rooms.</summary>
    /// <remarks>
    /// When the task has completed, every broadcast to these rooms that starts afterwards, anywhere in the cluster, reaches the
    /// socket. Allowed before the socket is connected.
    /// </remarks>
    ValueTask AddAllAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Takes a socket out of a room; unknown sockets and rooms are ignored.</summary>
    ValueTask RemoveAsync(string socketId, string room, CancellationToken cancellationToken = default);

    /// <summary>Takes a socket out of all its rooms, in the order in which it joined them, and forgets it.</summary>
    ValueTask RemoveAllAsync(string socketId, CancellationToken cancellationToken = default);

    /// <summary>The rooms of one of this node's sockets in the order of joining, or <see langword="null"/> if it is unknown.</summary>
    IReadOnlyCollection<string>? SocketRooms(string socketId);

    /// <summary>The rooms that sockets of this node are in, private rooms included.</summary>
    IReadOnlyCollection<string> LocalRooms { get; }

    /// <summary>
    /// The ids of this node's connected sockets in any of the rooms, each once; of all in the namespace when there is no room. Of the whole cluster:
    /// <see cref="RoomMembersAsync"/>.
    /// </summary>
    IReadOnlyCollection<string> LocalSockets(IReadOnlyCollection<string> rooms);

    /// <summary>
    /// Sends an event to every socket that <paramref name="options"/> select. This node's sockets have it queued when the call
    /// returns. What one node sends in one namespace arrives everywhere in that order.
    /// </summary>
    /// <returns>
    /// Completes when the caller may send more. While many such tasks of what a socket's handlers send have not completed, no further
    /// event of that socket begins, and in the end nothing more is read from its client.
    /// </returns>
    ValueTask BroadcastAsync(Packet packet, BroadcastOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends an event that every recipient is asked to answer. The packet's ack id is chosen per node.
    /// </summary>
    /// <param name="packet">The event.</param>
    /// <param name="options">Its recipients; <see cref="BroadcastOptions.Timeout"/> bounds the wait for answers.</param>
    /// <param name="onAck">Called for every answer as it comes, one at a time and never after the task has completed, with the ack packet; must not block.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>How many sockets were asked, how many answered, and which nodes could not be heard.</returns>
    /// <exception cref="ClusterUnavailableException">In all that time the cluster could not say which nodes hold recipients.</exception>
    ValueTask<BroadcastAckResult> BroadcastWithAckAsync(
        Packet packet, BroadcastOptions options, Action<Packet> onAck, CancellationToken cancellationToken = default);

    /// <summary>Describes the sockets that <paramref name="options"/> select, on all nodes unless they are local.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<FetchSocketsResult> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets join rooms. Ordered with broadcasts of this node, so no await is needed between.</summary>
    ValueTask SocketsJoinAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Makes the selected sockets leave rooms. Ordered with broadcasts of this node.</summary>
    ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default);

    /// <summary>Disconnects the selected sockets; broadcasts that this node sent before arrive before.</summary>
    /// <param name="options">The sockets.</param>
    /// <param name="close">Whether to close their connections, with all other namespaces on them.</param>
    /// <param name="cancellationToken">Stops the wait, not the disconnection.</param>
    ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken = default);

    /// <summary>Sends an event to the namespace's handlers on all other nodes.</summary>
    ValueTask ServerSideEmitAsync(Packet packet, CancellationToken cancellationToken = default);

    /// <summary>Sends an event to the namespace's handlers on all other nodes and collects one answer from each.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ServerSideEmitResult> ServerSideEmitWithAckAsync(Packet packet, TimeSpan? timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a socket that has left its rooms because its connection broke. Only called with
    /// <see cref="IAdapterNamespace.ConnectionStateRecovery"/>, like the two methods below.
    /// </summary>
    ValueTask PersistSessionAsync(SocketSession session, CancellationToken cancellationToken = default) => default;

    /// <summary>
    /// Finds the socket of a client that has come back, on whatever node it was, and forgets it: nobody can be given it again, unless it is
    /// persisted again.
    /// </summary>
    /// <param name="privateId">What the client says the socket's private id is.</param>
    /// <param name="offset">The last argument of the last event that the client has seen. It may be anything.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>
    /// <see langword="null"/> when the socket is not kept, or some event after the offset is not; the client begins a new session. An exception
    /// counts as that too.
    /// </returns>
    ValueTask<SocketSession?> RestoreSessionAsync(string privateId, string offset, CancellationToken cancellationToken = default) => default;

    /// <summary>
    /// Calls <paramref name="open"/> once with the events that a restored socket, which is in its rooms again, was meant to get since an
    /// offset, in their order; they carry their offsets. From the moment of the call everything reaches the socket itself: no event is in both
    /// places or in neither.
    /// </summary>
    /// <returns><see langword="false"/>, without the call, when some of these events are not kept any more.</returns>
    ValueTask<bool> ReplayAsync(
        SocketSession session, string offset, Action<IReadOnlyList<Packet>> open, CancellationToken cancellationToken = default) => default;

    /// <summary>
    /// The offset of a client that has seen every event up to now; <see langword="null"/> when events have none. It goes with what is sent to
    /// a socket that the adapter does not know yet.
    /// </summary>
    string? Position => null;

    /// <summary>The number of nodes that have this namespace, this one included.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The number of sockets in a room, cluster-wide; 0 for a room that nobody is in. Counts every join of this node that was
    /// called before.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>The sockets in a room, cluster-wide, in no particular order. Counts every join of this node that was called before.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default);

    /// <summary>Whether a socket is in a room, on whatever node. Counts every join of this node that was called before.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default);

    /// <summary>The nodes that have this namespace, this one included.</summary>
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

    /// <summary>The number of sockets in the namespace, cluster-wide.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on tells the listener the cluster-wide size of every room that has members on this node, whenever it changes,
    /// wherever the change came from. Changes in quick succession may be reported as one; the last one always is, and a report never
    /// goes back in time. Private rooms are not reported.
    /// </summary>
    /// <returns>Stops the reports when disposed.</returns>
    IDisposable WatchRoomSizes(Action<RoomSize> listener);

    /// <summary>
    /// From now on tells the listener, one at a time, of every room that comes into being or ends in the whole cluster. Rooms whose names look like a
    /// socket id, private ones among them, are not told.
    /// </summary>
    /// <remarks>
    /// Each coming and going is told once to each listener, whatever server has the members and whatever silos are lost meanwhile. While the cluster
    /// is away nothing is told; afterwards what is different from before.
    /// </remarks>
    RoomWatch WatchRooms(Action<RoomChange> listener);

    /// <summary>The first socket of this node entered a room (<c>create-room</c>).</summary>
    event Action<string>? RoomCreated;

    /// <summary>The last socket of this node left a room (<c>delete-room</c>).</summary>
    event Action<string>? RoomDeleted;

    /// <summary>A socket of this node joined a room (<c>join-room</c>): room, socket id.</summary>
    event Action<string, string>? SocketJoinedRoom;

    /// <summary>A socket of this node left a room (<c>leave-room</c>): room, socket id.</summary>
    event Action<string, string>? SocketLeftRoom;
}

/// <summary>Makes the adapter of each namespace.</summary>
public interface IAdapterFactory
{
    /// <summary>
    /// Whether the adapters keep sockets and events for clients that come back; if not, a server that is asked for
    /// <see cref="SocketIOOptions.ConnectionStateRecovery"/> does not start. Such an adapter appends its offset to every event that it keeps,
    /// and that of the latest one to every other event that ends in a string, which the client would take for an offset
    /// (<see cref="EventOffsets"/>).
    /// </summary>
    bool SupportsConnectionStateRecovery => false;

    /// <summary>Makes the adapter of a namespace that has just been created.</summary>
    IAdapter Create(IAdapterNamespace ns);
}
