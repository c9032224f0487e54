using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RouteHoldersTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly NodeIdentity A = new("a", 1);
    private static readonly NodeIdentity B = new("b", 1);
    private static readonly NodeIdentity P = new("p", 1);
    private static readonly NodeIdentity Q = new("q", 1);

    private readonly FakeTimeProvider _time = new();
    private readonly RouteHolders _holders;
    private ImmutableArray<NodeIdentity> _nodes = [A];

    public RouteHoldersTests() => _holders = new RouteHolders(Lease, _time);

    [Fact]
    public void RoomWhoseNodesChange_IsNotLeasedUntilTheyHaveBeenTheSameForAWhile()
    {
        Assert.False(Ask(P));
        _time.Advance(RouteHolders.SteadyTime - TimeSpan.FromTicks(1));
        Assert.False(Ask(P));
        _nodes = [A, B];
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Ask(P));
        _time.Advance(RouteHolders.SteadyTime);
        Assert.True(Ask(P));
        Assert.True(Ask(Q));
    }

    [Fact]
    public void RoomWithoutMembers_IsNeitherLeasedNorRemembered()
    {
        _nodes = [];
        Ask(P);
        _time.Advance(RouteHolders.SteadyTime);
        Assert.False(Ask(P));
        Assert.False(_holders.IsAnyHeld);
    }

    [Fact]
    public void NodeThatIsNew_IsToldTheHoldersUntilTheirLeasesEnd()
    {
        Assert.Null(Reply("r"));
        Steady();
        Assert.True(Ask(P));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Ask(Q));
        Assert.True(_holders.IsAnyHeld);

        // Named once, they are named again: the first that was told may have died over it.
        Assert.Equal([P, Q], Reply("r", "s")!.Holders.OrderBy(node => node.Id));
        var reply = Reply("r", "s")!;
        Assert.Equal([P, Q], reply.Holders.OrderBy(node => node.Id));
        Assert.Equal("r", Assert.Single(reply.Rooms));
        Assert.InRange(reply.Lease, Lease, Lease * 1.02);
        Assert.Null(Reply("s"));

        _time.Advance(TimeSpan.FromSeconds(20.5));
        Assert.Equal(Q, Assert.Single(Reply("r")!.Holders));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Reply("r"));
        Assert.False(_holders.IsAnyHeld);
    }

    [Fact]
    public void DeltaOfWhichItIsNotCertainWhatItChanged_NamesTheHoldersOfAllItsRooms()
    {
        Steady();
        Ask(P);
        var delta = new MembershipDelta
        {
            Node = B,
            BaseVersion = 0,
            Version = 1,
            Changes = [new("s", "x", true), new("r", "x", true), new("r", "y", true)],
        };
        var reply = _holders.ReplyTo(delta, rerouted: null)!;
        Assert.Equal("r", Assert.Single(reply.Rooms));
        Assert.Equal(P, Assert.Single(reply.Holders));
        Assert.Null(_holders.ReplyTo(delta, rerouted: []));
    }

    [Fact]
    public void Reply_SaysWhichLeaseWasTheLastOfItsRooms()
    {
        Steady();
        Ask(P);
        var first = Reply("r")!;
        Assert.Equal(first.LastLease, Reply("r")!.LastLease);
        Ask(Q);
        var second = Reply("r")!;
        Assert.True(second.LastLease > first.LastLease);
        Assert.Equal(first.Owner, second.Owner);
        // One that is renewed counts like a new one.
        Ask(P);
        Assert.True(Reply("r")!.LastLease > second.LastLease);
    }

    [Fact]
    public void Holder_CountsLongerHereThanThere()
    {
        Steady();
        Ask(P);
        _time.Advance(Lease);
        Assert.Equal(P, Assert.Single(Reply("r")!.Holders));
    }

    [Fact]
    public void MoreNodesThanMayHold_AreRefused()
    {
        Steady();
        for (var i = 0; i < RouteHolders.MaxHolders; i++) Assert.True(Ask(new NodeIdentity($"p{i}", 1)));
        Assert.False(Ask(P));
        Assert.True(Ask(new NodeIdentity("p7", 1)));
        _time.Advance(Lease * 1.1);
        Steady();
        Assert.True(Ask(P));
        Assert.Equal(P, Assert.Single(Reply("r")!.Holders));
    }

    [Fact]
    public void MoreRoomsThanAreRemembered_AreNotLeasedUntilOthersAreForgotten()
    {
        for (var i = 0; i < RouteHolders.MaxRooms; i++) _holders.TryLease($"r{i}", _nodes, P);
        Ask(P);
        _time.Advance(RouteHolders.SteadyTime);
        Assert.False(Ask(P));
        Assert.True(_holders.TryLease("r7", _nodes, P));

        _time.Advance(Lease * 1.1);
        Assert.False(Ask(P));
        _time.Advance(RouteHolders.SteadyTime);
        Assert.True(Ask(P));
    }

    [Fact]
    public void MoreRoomsThanOneMessageCarries_AreDroppedWithEverythingElse()
    {
        string[] rooms = [.. "abc".Select(letter => letter + new string('x', 1_000_000))];
        foreach (var room in rooms) _holders.TryLease(room, _nodes, P);
        _time.Advance(RouteHolders.SteadyTime);
        Assert.All(rooms, room => Assert.True(_holders.TryLease(room, _nodes, P)));

        Assert.Equal(2, Reply(rooms[..2])!.Rooms.Length);
        var reply = Reply(rooms)!;
        Assert.Equal(long.MaxValue, reply.Generation);
        Assert.Empty(reply.Rooms);
        Assert.InRange(reply.Lease, Lease, Lease + TimeSpan.FromSeconds(1));
    }

    private void Steady()
    {
        Ask(P);
        _time.Advance(RouteHolders.SteadyTime);
    }

    private bool Ask(NodeIdentity holder) => _holders.TryLease("r", _nodes, holder);

    private MembershipReply? Reply(params string[] rerouted) =>
        _holders.ReplyTo(new MembershipDelta { Node = B, BaseVersion = 0, Version = 1, Changes = [] }, rerouted);
}
