using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Adapters;

/// <content>Sockets that are kept for clients that come back; nothing is, without connection state recovery.</content>
public sealed partial class LocalRooms
{
    /// <summary>Keeps a socket that has left its rooms because its connection broke.</summary>
    internal void Persist(SocketSession session) => _recovery?.Persist(session);

    /// <summary>
    /// Finds the socket of a client that has come back, and forgets it: nobody can be given it again, unless it is persisted again.
    /// </summary>
    /// <param name="privateId">What the client says the socket's private id is.</param>
    /// <param name="offset">The last argument of the last event that the client has seen. It may be anything.</param>
    /// <returns>
    /// <see langword="null"/> when the socket is not kept, or some event after the offset is not; the client begins a new session.
    /// </returns>
    internal SocketSession? Restore(string privateId, string offset) => _recovery?.Restore(privateId, offset);

    /// <summary>
    /// Calls <paramref name="open"/> once with the events that a restored socket, which is in its rooms again, was meant to get since an
    /// offset, in their order; they carry their offsets. From the moment of the call everything reaches the socket itself: no event is in
    /// both places or in neither.
    /// </summary>
    /// <returns><see langword="false"/>, without the call, when some of these events are not kept any more.</returns>
    internal bool Replay(SocketSession session, string offset, Action<IReadOnlyList<Packet>> open) =>
        _recovery?.Replay(session, offset, open) == true;

    /// <summary>
    /// The offset of a client that has seen every event up to now; <see langword="null"/> when events have none. It goes with what is sent
    /// to a socket that the rooms do not know yet.
    /// </summary>
    internal string? Position => _recovery?.Position;

    /// <summary>Forgets what was kept for clients that are away.</summary>
    internal void Close() => _recovery?.Dispose();

    private void BroadcastWithOffset(MemoryRecovery recovery, Packet packet, BroadcastOptions options)
    {
        lock (recovery.Order)
        {
            Deliver(packet, recovery.Add_NeedsLock(OfThisNamespace(packet), options), options);
        }
    }
}
