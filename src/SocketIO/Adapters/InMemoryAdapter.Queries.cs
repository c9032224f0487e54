using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Adapters;

/// <content>What others ask a directory: here the local maps know.</content>
public sealed partial class InMemoryAdapter
{
    private const int MaxRoomsLimit = 10_000;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> LocalSockets(IReadOnlyCollection<string> rooms)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        return Array.ConvertAll(SelectSockets(BroadcastOptions.All.To([.. rooms])), static socket => socket.Id);
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default) =>
        new([.. LocalMembers(room).Select(static socketId => new RoomMember(socketId, Node: null))]);

    /// <inheritdoc/>
    public ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        return new(LocalMembers(room).Contains(socketId));
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default) =>
        new([new NamespaceServer(Node: null, LocalSocketCount)]);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix, string? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRoomsLimit);
        return new([.. LocalRooms
            .Where(room => room.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(room, after) > 0) && !LooksLikeSocketId(room))
            .Order(StringComparer.Ordinal)
            .Take(limit)]);
    }

    // As in a cluster, where rooms that look like private ones are kept with these.
    private static bool LooksLikeSocketId(string room) =>
        room.Length == 20 && room.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
