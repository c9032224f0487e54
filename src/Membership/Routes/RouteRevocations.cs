using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Membership.Routes;

/// <summary>
/// Sees to it that no node sends any more by routes that lack this one: asks those that may keep them to drop them, and waits until each has answered, has
/// departed, or may keep them no longer. Thread-safe.
/// </summary>
/// <remarks>See docs/decisions, "Routes are cached under a lease".</remarks>
internal sealed class RouteRevocations(ClusterNode node)
{
    private const long UnknownGeneration = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly RevokedRoutes _revoked = new(node.Time);
    private Task _clearing = Task.CompletedTask;
    private Task? _next;
    private long _cleared;
    private long _clearingFor;
    private long _nextFor;

    /// <summary>
    /// Whether an owner's reply tells of anybody but this node who may keep a wrong route, and has not dropped it already at this node's
    /// demand.
    /// </summary>
    public bool IsDue(string ns, MembershipReply reply)
    {
        if (reply.Generation != 0)
        {
            return true;
        }

        foreach (var holder in reply.Holders)
        {
            // This node's own sockets need no route; and a former run's went with it.
            if (holder.Id != node.NodeId)
            {
                return !_revoked.Cover(ns, reply);
            }
        }

        return false;
    }

    /// <summary>Completes when nobody sends by the routes that a reply tells of.</summary>
    public Task RevokeAsync(string ns, MembershipReply reply, CancellationToken cancellationToken) =>
        reply.Generation != 0
            ? ClearAsync(reply.Generation, reply.Lease).WaitAsync(cancellationToken)
            : RevokeRoomsAsync(ns, reply, cancellationToken);

    private async Task RevokeRoomsAsync(string ns, MembershipReply reply, CancellationToken cancellationToken)
    {
        var demand = new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = ns, Targets = [.. reply.Rooms] };
        await DropAsync(reply.Holders, demand, reply.Lease, cancellationToken).ConfigureAwait(false);
        _revoked.Add(ns, reply);
    }

    // What owners gave out that were lost before a generation came about: once it is dropped everywhere, that holds for every room whose owner says the same.
    private Task ClearAsync(long generation, TimeSpan lease)
    {
        lock (_lock)
        {
            if (generation <= _cleared)
            {
                return Task.CompletedTask;
            }

            if (_clearing.IsCompleted)
            {
                _clearingFor = generation;
                return _clearing = Task.Run(() => ClearEverywhereAsync(generation, lease));
            }

            if (generation <= _clearingFor && generation != UnknownGeneration)
            {
                return _clearing;
            }

            // The one under way may have begun before the loss.
            _nextFor = Math.Max(_nextFor, generation);
            return _next ??= ClearNextAsync(_clearing, lease);
        }
    }

    private async Task ClearNextAsync(Task former, TimeSpan lease)
    {
        await former.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task clearing;
        lock (_lock)
        {
            var generation = _clearingFor = _nextFor;
            (_next, _nextFor) = (null, 0);
            clearing = _clearing = Task.Run(() => ClearEverywhereAsync(generation, lease));
        }

        await clearing.ConfigureAwait(false);
    }

    private async Task ClearEverywhereAsync(long generation, TimeSpan lease)
    {
        var since = node.Time.GetTimestamp();
        for (var attempt = 1; node.Time.GetElapsedTime(since) is var passed && passed < lease; attempt++)
        {
            if (await TryFindEveryoneAsync().ConfigureAwait(false) is { } everyone)
            {
                await DropAsync(
                    everyone, new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "", Version = generation }, lease - passed, node.Ended).ConfigureAwait(false);
                break;
            }

            await node.Recovery.PauseAsync(attempt, node.Ended).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _cleared = generation == UnknownGeneration ? _cleared : Math.Max(_cleared, generation);
        }
    }

    private async Task<ImmutableArray<NodeIdentity>?> TryFindEveryoneAsync()
    {
        try
        {
            return await node.Participant.FindEveryoneAsync(node.Ended).ConfigureAwait(false);
        }
        catch (Exception exception) when (!node.Ended.IsCancellationRequested)
        {
            node.ReportFailure(exception);
            return null;
        }
    }

    private async Task DropAsync(ImmutableArray<NodeIdentity> holders, Envelope demand, TimeSpan lease, CancellationToken cancellationToken)
    {
        var request = new DropRoutesRequest();
        if (!node.Requests.TryAdd(request))
        {
            // Too much waits already; nobody keeps anything for longer than this.
            await Task.Delay(lease, node.Time, cancellationToken).ConfigureAwait(false);
            return;
        }

        var asked = new List<NodeIdentity>(holders.Length);
        foreach (var holder in holders)
        {
            if (holder.Id != node.NodeId && !node.Living.IsDeparted(holder))
            {
                asked.Add(holder);
            }
        }

        try
        {
            request.OnRouted(asked);
            foreach (var holder in asked)
            {
                node.Links.Send(holder, demand with { RequestId = request.Id });
                if (node.Living.IsDeparted(holder))
                {
                    // It departed between the two looks, and whoever reported it may not have found it among those that owe an answer.
                    request.OnDeparted(holder);
                }
            }

            await node.Requests.WaitAsync(request, lease, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            node.Requests.Remove(request);
        }
    }
}
