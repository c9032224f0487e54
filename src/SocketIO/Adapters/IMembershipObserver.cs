namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// Records every change of an <see cref="InMemoryAdapter"/> in the order in which it happened. An adapter that announces its node's members
/// to others builds on this rather than on the room events, which are raised later and outside the lock.
/// </summary>
/// <remarks>Called while the adapter's lock is held: an implementation records and returns, and never calls the adapter or waits.</remarks>
public interface IMembershipObserver
{
    /// <summary>The number of known sockets, connected or not yet, changed.</summary>
    void OnSocketCountChanged(int sockets);

    /// <summary>A socket joined a room that it was not in.</summary>
    /// <param name="socketId">The socket.</param>
    /// <param name="room">The room.</param>
    /// <param name="size">How many sockets of this node are in the room now.</param>
    void OnJoined(string socketId, string room, int size);

    /// <summary>A socket left a room that it was in.</summary>
    /// <param name="socketId">The socket.</param>
    /// <param name="room">The room.</param>
    /// <param name="size">How many sockets of this node are still in the room.</param>
    void OnLeft(string socketId, string room, int size);
}
