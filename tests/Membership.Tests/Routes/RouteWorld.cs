using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Nodes;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Membership.Tests.Routes;

/// <summary>One room, three nodes, an owner and a directory, and what is under way between them.</summary>
internal sealed partial class RouteWorld
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RouteLease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan ListenTime = TimeSpan.FromSeconds(4);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly RouteNode[] _nodes;
    private readonly List<Action> _underWay = [];
    private readonly HashSet<NodeIdentity> _departed = [];
    private NodeLeases _directory;
    private RouteOwner _owner;
    private bool _isLossNews;

    public RouteWorld()
    {
        _directory = NewDirectory();
        Listen();
        _nodes = [new RouteNode("a", _time), new RouteNode("b", _time), new RouteNode("c", _time)];
        foreach (var node in _nodes) Register(node);
        _owner = NewOwner();
        Take(RouteStep.OwnerReads, 0, 0);
    }

    public int Hits { get; private set; }

    public int Acknowledged { get; private set; }

    /// <summary>How often nobody was asked because all had dropped their routes before.</summary>
    public int Spared { get; private set; }

    // Every node sends to the room now, if it knows the way.
    public void AssertRoutes()
    {
        foreach (var publisher in _nodes)
        {
            if (publisher.StandsStill || !publisher.Cache.TryGet(RouteNode.Room, _time.GetTimestamp(), out var nodes))
            {
                continue;
            }

            Hits++;
            foreach (var node in _nodes)
            {
                // One that was declared dead is missed by those who ask, too, until it has registered again and told the owner.
                if (node != publisher && node.IsAcknowledged && !_departed.Contains(node.Identity))
                {
                    Acknowledged++;
                    Assert.Contains(node.Identity, nodes);
                }
            }
        }
    }

    private void Tell(RouteNode node)
    {
        if (node.TryBeginTelling(out var call))
        {
            var delta = node.Announcement.Delta;
            _underWay.Add(() =>
            {
                var owner = _owner;
                var outcome = _directory.View.Departed.Contains(delta.Node)
                    ? MembershipOutcome.Fenced
                    : owner.Members.Apply(ref delta, out _);
                var rerouted = owner.Members.Rerouted;
                var reply = outcome != MembershipOutcome.Applied || delta.HasMoreParts ? new MembershipReply(outcome)
                    : owner.IsWhole ? owner.Holders.ReplyTo(delta, rerouted) ?? new MembershipReply(outcome)
                    : delta.Changes.Any(change => change.Joined)
                        ? new MembershipReply(outcome) { Generation = owner.Generation ?? long.MaxValue, Lease = RouteLease }
                    : new MembershipReply(outcome);
                _underWay.Add(() => TakeReply(node, call, reply));
            });
        }
    }

    private void TakeReply(RouteNode node, int call, MembershipReply reply)
    {
        if (!node.EndTelling(call)) return;
        if (reply.Outcome != MembershipOutcome.Applied)
        {
            node.Announcement.SnapshotNeeded();
            return;
        }

        var isNamed = reply.Generation == 0 && reply.Holders.Any(holder => holder.Id != node.Identity.Id);
        var isSpared = isNamed && node.Revoked.Cover("/", reply);
        Spared += isSpared ? 1 : 0;
        var isRevoking = reply.Generation != 0 || (isNamed && !isSpared);
        var announcement = node.Announcement;
        var held = announcement.Applied(isRevoking ? reply : null);
        if (!isRevoking && held is null) return;
        var revoked = reply.Generation != 0 ? ClearEverywhere(node, reply.Generation)
            : isRevoking
                ? Demand(node, reply.Holders, new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "/", Targets = [.. reply.Rooms] })
                : () => true;
        var since = _time.GetTimestamp();
        node.Revocations.Add(() =>
        {
            if (!revoked() && _time.GetElapsedTime(since) < reply.Lease) return false;
            if (isNamed && isRevoking) node.Revoked.Add("/", reply);
            if (held is null) return true;
            if (held.After.Any(earlier => !earlier.IsCompleted)) return false;
            announcement.Routed(held);
            return true;
        });
        node.Look();
    }

    // As RouteRevocations does.
    private Func<bool> ClearEverywhere(RouteNode node, long generation)
    {
        if (generation <= node.Cleared) return () => true;
        var done = Demand(
            node, _directory.View.Living, new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "", Version = generation });
        return () =>
        {
            if (done() && generation != long.MaxValue) node.Cleared = Math.Max(node.Cleared, generation);
            return done();
        };
    }

    private Func<bool> Demand(RouteNode node, ImmutableArray<NodeIdentity> holders, Envelope demand)
    {
        var request = new DropRoutesRequest();
        NodeIdentity[] asked = [.. holders.Where(holder => holder.Id != node.Identity.Id && !node.Departed.Contains(holder))];
        request.OnRouted(asked);
        node.Requests.Add(request);
        foreach (var holder in asked)
        {
            var there = _nodes.Single(each => each.Identity.Id == holder.Id);
            _underWay.Add(() => Deliver(there, holder));
        }

        return () => request.Completed.IsCompleted;

        void Deliver(RouteNode there, NodeIdentity holder)
        {
            if (there.StandsStill)
            {
                // It waits on its stream.
                _underWay.Add(() => Deliver(there, holder));
            }
            else if (there.Identity == holder)
            {
                there.Caches.Drop(demand);
                _underWay.Add(() =>
                {
                    request.OnResponse(holder, new Envelope { Kind = EnvelopeKind.RoutesDropped, Namespace = "/" }, size: 0);
                    node.Look();
                });
            }
        }
    }

    private void Ask(RouteNode node)
    {
        if (node.IsAsking) return;
        node.IsAsking = true;
        var asker = node.Identity;
        var askedAt = _time.GetTimestamp();
        node.Cache.Ask([RouteNode.Room]);
        _underWay.Add(() =>
        {
            var nodes = _owner.Members.NodesOf(RouteNode.Room);
            var isLeased = _owner.IsWhole && !_directory.View.Departed.Contains(asker)
                && _owner.Holders.TryLease(RouteNode.Room, nodes, asker);
            _underWay.Add(() =>
            {
                node.IsAsking = false;
                if (isLeased)
                {
                    node.Cache.Keep(RouteNode.Room, nodes, askedAt, askedAt + (long)(RouteLease.TotalSeconds * _time.TimestampFrequency));
                }
            });
        });
    }

    private void Arrive(int index)
    {
        var arrival = _underWay[index];
        _underWay.RemoveAt(index);
        arrival();
    }

    private void PassTime()
    {
        _time.Advance(Moment);
        foreach (var node in _nodes.Where(node => !node.StandsStill)) Beat(node);
        Sweep();
        HearOwner();
        foreach (var node in _nodes) node.Look();
    }

    private void Sweep()
    {
        _directory.Sweep([]);
        _departed.UnionWith(_directory.View.Departed);
    }

    private void Beat(RouteNode node)
    {
        var sentAt = _time.GetTimestamp();
        node.Confirmed = Math.Max(node.Confirmed, node.Told);
        if (_directory.Heartbeat(node.Identity, node.Confirmed) == HeartbeatStatus.Fenced)
        {
            Register(node);
            return;
        }

        node.Hear(_directory.View);
        node.Caches.Renew(sentAt, Lease);
    }

    private void Register(RouteNode node)
    {
        node.Begin(_directory.Register(node.Id, node.Identity.Epoch), _directory.Generation);
        node.Caches.Renew(_time.GetTimestamp(), Lease);
        HearOwner();
    }

    private void HearOwner()
    {
        if (_owner is null) return;
        _owner.View = _directory.View;
        foreach (var departed in _directory.View.Departed) _owner.Members.Forget(departed);
    }

    private RouteOwner NewOwner() => new(_time, RouteLease);

    private NodeLeases NewDirectory() => new(_time, new NodeLeaseRules(Lease, TimeSpan.FromHours(1), MaxDeparted: 1000, ListenTime));

    private void Listen()
    {
        for (var passed = TimeSpan.Zero; passed < ListenTime; passed += Moment)
        {
            foreach (var node in _nodes ?? []) Beat(node);
            _time.Advance(Moment);
            Sweep();
        }
    }
}
