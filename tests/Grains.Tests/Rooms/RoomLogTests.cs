using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RoomLogTests
{
    private static readonly NodeIdentity NodeA = new("a", 1);
    private static readonly NodeIdentity NodeB = new("b", 1);

    [Fact]
    public void Read_FromWhereOneWas_ReturnsWhatWasAddedSince()
    {
        var log = new RoomLog();
        log.Add("r", exists: true);
        var before = log.Position;
        log.Add("s", exists: true);
        log.Add("r", exists: false);

        Assert.True(log.TryRead(before, out var added));
        Assert.Equal([new("s", true), new("r", false)], added.ToArray());
        Assert.True(log.TryRead(log.Position, out added));
        Assert.Empty(added);
    }

    [Fact]
    public void Read_FromFurtherBackThanIsKept_IsRefused()
    {
        var log = new RoomLog(capacity: 2);
        var start = log.Position;
        log.Add("r", exists: true);
        var second = log.Position;
        log.Add("s", exists: true);
        log.Add("t", exists: true);

        Assert.False(log.TryRead(start, out _));
        Assert.True(log.TryRead(second, out var added));
        Assert.Equal(["s", "t"], added.Select(change => change.Room));
    }

    [Fact]
    public void MoreThanOneMessageCarries_IsNotKept()
    {
        var log = new RoomLog();
        var start = log.Position;
        log.Add(new string('a', 600_000), exists: true);
        var second = log.Position;
        log.Add(new string('b', 600_000), exists: true);
        log.Add(new string('c', 2_000_000), exists: true);

        Assert.False(log.TryRead(start, out _));
        Assert.False(log.TryRead(second, out _));
        Assert.True(log.TryRead(second with { Number = 2 }, out var added));
        Assert.Single(added);
    }

    [Fact]
    public void Read_FromAnotherLogOrFromNowhere_IsRefused()
    {
        var log = new RoomLog();
        Assert.False(log.TryRead(default, out _));
        Assert.False(log.TryRead(new RoomLog().Position, out _));
        Assert.False(log.TryRead(log.Position with { Number = 1 }, out _));
        Assert.False(log.TryRead(log.Position with { Number = -1 }, out _));
    }

    [Fact]
    public void News_CompletesWithEachAddition()
    {
        var log = new RoomLog();
        var news = log.News;
        Assert.False(news.IsCompleted);
        log.Add("r", exists: true);
        Assert.True(news.IsCompleted);
        news = log.News;
        Assert.False(news.IsCompleted);
    }

    [Fact]
    public void Membership_WritesDownFirstAndLastMembersInTheClusterOnly()
    {
        var membership = new RoomMembership { Log = new RoomLog() };
        var start = membership.Log.Position;
        Apply(membership, NodeA, 0, 1, new MembershipChange("r", "*", Joined: true));
        Apply(membership, NodeB, 0, 1, new MembershipChange("r", "*", Joined: true), new MembershipChange("s", "*", Joined: true));
        Apply(membership, NodeA, 1, 2, new MembershipChange("r", "*", Joined: false));
        // A snapshot that says the same, and one room that goes and comes back within a delta.
        Apply(
            membership, NodeB, MembershipDelta.Snapshot, 2, new MembershipChange("r", "*", Joined: true),
            new MembershipChange("s", "*", Joined: true));
        Apply(membership, NodeB, 2, 3, new MembershipChange("r", "*", Joined: false), new MembershipChange("r", "*", Joined: true));
        Assert.True(membership.Forget(NodeB));

        Assert.True(membership.Log.TryRead(start, out var changes));
        Assert.Equal([new("r", true), new("s", true)], changes[..2].ToArray());
        Assert.Equal([new("r", false), new("s", false)], changes[2..].OrderBy(change => change.Room));
    }

    private static void Apply(RoomMembership membership, NodeIdentity node, long from, long to, params MembershipChange[] changes) =>
        Assert.Equal(
            MembershipOutcome.Applied,
            membership.Apply(new MembershipDelta { Node = node, BaseVersion = from, Version = to, Changes = [.. changes] }, out _));
}
