using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Messaging.Routing;

/// <summary>Asks the owners of rooms, all at once and each once, on which nodes their rooms have members.</summary>
/// <remarks>One caller at a time.</remarks>
/// <param name="participant">Who asks.</param>
/// <param name="ns">The namespace.</param>
/// <param name="cache">Where answers are kept that owners let a node keep; none for emitters, whom nobody could ask to drop them.</param>
internal sealed class RouteResolver(ClusterParticipant participant, string ns, RouteCache? cache)
{
    // Each may be answered by many nodes.
    private const int RoomsPerQuestion = 4096;

    private readonly RoomShards _shards = new(participant, ns);

    /// <summary>Answers what is open in a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="asker">The run that asks.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Exception">
    /// Some owner did not answer; what the others said is in the table, and the rest is still open.
    /// </exception>
    public async Task ResolveAsync(RouteTable table, NodeIdentity asker, CancellationToken cancellationToken)
    {
        cache?.Ask(table.OpenRooms);
        if (table.OpenRooms.Count == 1 && !table.IsNamespaceOpen && !table.IsEveryoneOpen)
        {
            var room = table.OpenRooms[0];
            await ResolveAsync(_shards[room], [room], table, asker, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ResolveManyAsync(table, asker, cancellationToken).ConfigureAwait(false);
        }

        table.CloseAnswered();
        if (table.IsNamespaceOpen)
        {
            // Some owner is incomplete; the namespace's grain most likely is not.
            await ResolveNamespaceAsync(table, cancellationToken).ConfigureAwait(false);
        }

        if (table.IsEveryoneOpen)
        {
            table.SetEveryone(await participant.FindEveryoneAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task ResolveManyAsync(RouteTable table, NodeIdentity asker, CancellationToken cancellationToken)
    {
        var questions = new List<Task>();
        if (table.IsNamespaceOpen)
        {
            questions.Add(ResolveNamespaceAsync(table, cancellationToken));
        }

        foreach (var (shard, rooms) in ByShard(table.OpenRooms))
        {
            questions.Add(ResolveAsync(_shards[shard], rooms, table, asker, cancellationToken));
        }

        try
        {
            await Task.WhenAll(questions).ConfigureAwait(false);
        }
        catch
        {
            table.CloseAnswered();
            throw;
        }
    }

    private async Task ResolveAsync(
        IRoomShardGrain owner, ImmutableArray<string> rooms, RouteTable table, NodeIdentity asker, CancellationToken cancellationToken)
    {
        var askedAt = participant.Time.GetTimestamp();
        var routes = await (cache is null ? owner.GetNodesAsync(rooms) : owner.LeaseNodesAsync(rooms, asker))
            .WithinAsync(participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false);
        table.SetRooms(rooms, routes);
        for (var i = 0; i < routes.Leases.Length && cache is not null; i++)
        {
            if (routes.Leases[i] > TimeSpan.Zero)
            {
                cache.Keep(rooms[i], routes.Nodes[i], askedAt, askedAt + participant.Time.TicksOf(routes.Leases[i]));
            }
        }
    }

    // Several questions to one owner where the names, or what is answered to them, are more than one message should carry.
    private static List<(int Shard, ImmutableArray<string> Rooms)> ByShard(IReadOnlyList<string> rooms)
    {
        var questions = new List<(int, ImmutableArray<string>)>();
        var open = new Dictionary<int, (ImmutableArray<string>.Builder Rooms, long Size)>();
        for (var i = 0; i < rooms.Count; i++)
        {
            var shard = RoomShardKey.ShardOf(rooms[i]);
            ref var question = ref CollectionsMarshal.GetValueRefOrAddDefault(open, shard, out _);
            question.Rooms ??= ImmutableArray.CreateBuilder<string>();
            question.Rooms.Add(rooms[i]);
            question.Size += rooms[i].Length;
            if (question.Size >= CallSize.Target || question.Rooms.Count >= RoomsPerQuestion)
            {
                questions.Add((shard, question.Rooms.DrainToImmutable()));
                question.Size = 0;
            }
        }

        foreach (var (shard, (ofShard, _)) in open)
        {
            if (ofShard.Count > 0)
            {
                questions.Add((shard, ofShard.DrainToImmutable()));
            }
        }

        return questions;
    }

    private async Task ResolveNamespaceAsync(RouteTable table, CancellationToken cancellationToken)
    {
        var routes = await participant.Grains.GetGrain<INamespaceGrain>(new NamespaceKey(participant.ClusterKey, ns).ToGrainKey())
            .GetRoutesAsync().WithinAsync(participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false);
        table.SetNamespace(routes);
    }
}
