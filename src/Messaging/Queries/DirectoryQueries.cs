using System.Collections.Immutable;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Queries;

/// <summary>
/// Asks the directory about one namespace. Grains answer, never nodes, and only once they are complete; callers bound the wait. What is
/// asked when owners are lost is asked again as soon as that is known, because an owner that died with its silo does not answer.
/// </summary>
internal sealed class DirectoryQueries(ClusterParticipant participant, string ns)
{
    private readonly RoomShards _shards = new(participant, ns);

    public ValueTask<int> RoomSizeAsync(string room)
    {
        var name = WireName.Of(room);
        return CallSize.IsTooLongForAName(name) ? new(0) : AskAsync(() => _shards[name].GetSizeAsync(name, participant.Living.Version));
    }

    public ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room)
    {
        var name = WireName.Of(room);
        return CallSize.IsTooLongForAName(name) ? new([]) : AskAsync(() => _shards[name].GetMembersAsync(name, participant.Living.Version));
    }

    public ValueTask<bool> IsInRoomAsync(string room, string socketId)
    {
        var (name, id) = (WireName.Of(room), WireName.Of(socketId));
        return CallSize.IsTooLongForAName(name) || CallSize.IsTooLongForAName(id)
            ? new(false)
            : AskAsync(() => _shards[name].ContainsAsync(name, id, participant.Living.Version));
    }

    /// <summary>The nodes that have the namespace, with how many sockets each holds in it.</summary>
    public ValueTask<ImmutableArray<NamespaceNode>> NodesAsync() => AskAsync(
        () => participant.Grains.GetGrain<INamespaceGrain>(new NamespaceKey(participant.ClusterKey, ns).ToGrainKey())
            .GetNodesAsync(participant.Living.Version));

    /// <summary>The rooms of the namespace, private ones left out, in the ordinal order of the names under which they travel.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="after">Only rooms behind this one; <see langword="null"/> from the first.</param>
    /// <param name="limit">How many at most.</param>
    public async Task<ImmutableArray<string>> RoomsAsync(string prefix, string? after, int limit)
    {
        (prefix, after) = (WireName.Of(prefix), WireName.Of(after));
        if (CallSize.IsTooLongForAName(prefix))
        {
            return [];
        }

        var pages = new Task<List<string>>[RoomShardKey.Count];
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = ListAsync(_shards[i], prefix, after, limit);
        }

        var rooms = new List<string>();
        foreach (var page in await Task.WhenAll(pages).ConfigureAwait(false))
        {
            rooms.AddRange(page);
        }

        rooms.Sort(StringComparer.Ordinal);
        return [.. rooms.Take(limit).Select(WireName.Read)!];
    }

    // One message after the other, where they are more than it carries.
    private async Task<List<string>> ListAsync(IRoomShardGrain shard, string prefix, string? after, int limit)
    {
        var rooms = new List<string>();
        while (true)
        {
            var (behind, wanted) = (after, limit - rooms.Count);
            var page = await AskAsync(() => shard.ListAsync(prefix, behind, wanted, participant.Living.Version)).ConfigureAwait(false);
            rooms.AddRange(page.Rooms);
            if (!page.HasMore || rooms.Count >= limit)
            {
                return rooms;
            }

            after = rooms[^1];
        }
    }

    private async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        while (true)
        {
            var lost = participant.OwnersLost;
            var answer = ask().AsTask();
            try
            {
                return await answer.WaitAsync(lost).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (lost.IsCancellationRequested)
            {
                ClusterCalls.Observe(answer);
            }
        }
    }
}
