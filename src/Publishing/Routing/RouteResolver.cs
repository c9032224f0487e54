using System.Collections.Immutable;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.Publishing.Routing;

/// <summary>Asks the owners of rooms, all at once and each once, on which nodes their rooms have members.</summary>
/// <remarks>One caller at a time.</remarks>
/// <param name="participant">Who asks.</param>
/// <param name="ns">The namespace.</param>
/// <param name="cache">Where answers are kept that owners let a node keep; none for emitters, whom nobody could ask to drop them.</param>
internal sealed class RouteResolver(ClusterParticipant participant, string ns, RouteCache? cache)
{
    // A reference to a grain costs a key and a look-up to make, and rooms are written to again and again.
    private const int MaxGrains = 10_000;

    private readonly Dictionary<OwnerKey, IRoomOwner> _grains = [];

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
            await ResolveAsync(OwnerKey.Of(participant.ClusterKey, ns, room), [room], table, asker, cancellationToken).ConfigureAwait(false);
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

        Dictionary<int, ImmutableArray<string>.Builder>? shards = null;
        foreach (var room in table.OpenRooms)
        {
            var owner = OwnerKey.Of(participant.ClusterKey, ns, room);
            if (!owner.IsShard)
            {
                questions.Add(ResolveAsync(owner, [room], table, asker, cancellationToken));
                continue;
            }

            shards ??= [];
            if (!shards.TryGetValue(owner.Shard, out var rooms))
            {
                rooms = ImmutableArray.CreateBuilder<string>();
                shards.Add(owner.Shard, rooms);
            }

            rooms.Add(room);
        }

        if (shards is not null)
        {
            foreach (var (shard, rooms) in shards)
            {
                questions.Add(ResolveAsync(new OwnerKey(null, shard), rooms.DrainToImmutable(), table, asker, cancellationToken));
            }
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
        OwnerKey owner, ImmutableArray<string> rooms, RouteTable table, NodeIdentity asker, CancellationToken cancellationToken)
    {
        var askedAt = participant.Time.GetTimestamp();
        var grain = GrainOf(owner);
        var routes = await (cache is null ? grain.GetNodesAsync(rooms) : grain.LeaseNodesAsync(rooms, asker))
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

    private IRoomOwner GrainOf(OwnerKey owner)
    {
        if (!_grains.TryGetValue(owner, out var grain))
        {
            if (_grains.Count >= MaxGrains)
            {
                _grains.Clear();
            }

            grain = participant.Owners.Find(ns, owner);
            _grains.Add(owner, grain);
        }

        return grain;
    }

    private async Task ResolveNamespaceAsync(RouteTable table, CancellationToken cancellationToken)
    {
        var routes = await participant.Grains.GetGrain<INamespaceGrain>(new NamespaceKey(participant.ClusterKey, ns).ToGrainKey())
            .GetRoutesAsync().WithinAsync(participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false);
        table.SetNamespace(routes);
    }
}
