namespace OrleansRooms.SocketIO.Adapters;

/// <content>Which rooms and which sockets there are.</content>
public sealed partial class LocalRooms
{
    /// <summary>
    /// The ids of this server's connected sockets in any of the rooms, each once; of all in the namespace when there is no room. Of the
    /// whole cluster: <see cref="INamespace.RoomMembersAsync"/>.
    /// </summary>
    public IReadOnlyCollection<string> Sockets(IReadOnlyCollection<string> rooms)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        return Array.ConvertAll(SelectSockets(BroadcastOptions.All.To([.. rooms])), static socket => socket.Id);
    }

    /// <summary>A page of the rooms, those whose names look like a socket id left out, in ordinal order.</summary>
    internal IEnumerable<string> Page(string prefix, string? after, int limit) => Rooms
        .Where(room => room.StartsWith(prefix, StringComparison.Ordinal)
            && (after is null || string.CompareOrdinal(room, after) > 0)
            && !LooksLikeSocketId(room))
        .Order(StringComparer.Ordinal)
        .Take(limit);

    // As in a cluster, where rooms that look like private ones are kept with these.
    private static bool LooksLikeSocketId(string room) =>
        room.Length == 20 && room.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
