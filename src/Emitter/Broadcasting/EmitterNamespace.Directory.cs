using System.Collections.Immutable;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Messaging.Queries;

namespace OrleansRooms.Emitter.Broadcasting;

/// <content>What asks a question of the directory.</content>
internal sealed partial class EmitterNamespace
{
    private readonly DirectoryQueries _directory = cluster.Ask(ns);

    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return AskAsync(() => _directory.RoomSizeAsync(room), "how many sockets are in the room", cancellationToken);
    }

    public async ValueTask<IReadOnlyList<EmitterRoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        var members = await AskAsync(
            () => _directory.RoomMembersAsync(room), "which sockets are in the room", cancellationToken).ConfigureAwait(false);
        return [.. members.Select(member => new EmitterRoomMember(member.SocketId, member.Node.Id))];
    }

    public ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentNullException.ThrowIfNull(socketId);
        return AskAsync(() => _directory.IsInRoomAsync(room, socketId), "whether the socket is in the room", cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> RoomsAsync(
        string prefix = "", string? after = null, int limit = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
        return await AskAsync(
            () => new ValueTask<ImmutableArray<string>>(_directory.RoomsAsync(prefix, after, limit)), "which rooms there are",
            cancellationToken)
            .ConfigureAwait(false);
    }

    public EmitterRoomWatch OnRoomChanged(Action<EmitterRoomChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return new EmitterRoomWatch(cluster.FollowRooms(ns, change => listener(new EmitterRoomChange(change.Room, change.Exists))));
    }

    public async ValueTask<IReadOnlyList<EmitterServer>> ServersAsync(CancellationToken cancellationToken = default)
    {
        var nodes = await NodesAsync("which servers have the namespace", cancellationToken).ConfigureAwait(false);
        return [.. nodes.Select(node => new EmitterServer(node.Node.Id, node.Sockets))];
    }

    public async ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default) =>
        (await NodesAsync("how many sockets the namespace has", cancellationToken).ConfigureAwait(false)).Sum(node => node.Sockets);

    public async ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) =>
        (await NodesAsync("how many servers have the namespace", cancellationToken).ConfigureAwait(false)).Length;

    private ValueTask<ImmutableArray<NamespaceNode>> NodesAsync(string what, CancellationToken cancellationToken) =>
        AskAsync(_directory.NodesAsync, what, cancellationToken);

    private ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask, string what, CancellationToken cancellationToken) =>
        cluster.AskDirectoryAsync(ask, ns, what, cancellationToken);
}
