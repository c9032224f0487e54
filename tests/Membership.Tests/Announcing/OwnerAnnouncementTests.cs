using CsCheck;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership.Tests.Announcing;

public sealed class OwnerAnnouncementTests
{
    // What may happen between a node and an owner of several rooms.
    private static readonly Gen<Action<AnnouncingNode>> Step = Gen.Frequency(
        (6, Gen.Select(AnyRoom, AnySocket).Select<(string, string), Action<AnnouncingNode>>(t => n => n.Join(t.Item1, t.Item2))),
        (5, Gen.Select(AnyRoom, AnySocket).Select<(string, string), Action<AnnouncingNode>>(t => n => n.Leave(t.Item1, t.Item2))),
        (6, Gen.Const<Action<AnnouncingNode>>(n => n.TryTell())),
        (2, Gen.Const<Action<AnnouncingNode>>(n => n.TryTell(answerIsLost: true))),
        (2, Gen.Const<Action<AnnouncingNode>>(n => n.TryBegin())),
        (1, Gen.Const<Action<AnnouncingNode>>(n => n.LoseOwner())));

    private readonly AnnouncingNode _node = new();

    private static Gen<string> AnyRoom => Gen.Bool.Select(b => b ? "r" : "s");

    private static Gen<string> AnySocket => Gen.Int[0, 2].Select(i => "abc".Substring(i, 1));

    [Fact]
    public void FirstWord_IsASnapshot()
    {
        _node.Join("r", "a");
        var delta = _node.Begin();

        Assert.True(delta.IsSnapshot);
        Assert.Equal([new MembershipChange("r", "a", true)], delta.Changes.AsEnumerable());
    }

    [Fact]
    public void ChangesWhileOneIsUnderWay_GoTogetherIntoTheNext()
    {
        _node.Join("r", "a");
        var first = _node.Begin();
        _node.Join("r", "b");
        _node.Join("r", "c");
        _node.Leave("r", "b");
        Assert.Same(first, _node.Begin());
        _node.Deliver();
        var second = _node.Begin();

        Assert.Equal(first.Version, second.BaseVersion);
        Assert.Equal([new MembershipChange("r", "b", false), new MembershipChange("r", "c", true)], second.Changes.AsEnumerable());
    }

    [Fact]
    public void LostAnswer_IsRepeatedWordForWord()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Join("r", "b");
        var delta = _node.Begin();
        Assert.Equal(MembershipOutcome.Applied, _node.Owner.Apply(delta));
        _node.Leave("r", "a");

        Assert.Same(delta, _node.Begin());
        _node.Tell();
        _node.Tell();
        Assert.Equal([("r", "b")], _node.Owner.Members);
    }

    [Fact]
    public void OwnerThatLostItsState_GetsASnapshotAndThoseWhoWaitWaitForIt()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Owner.Forget();
        _node.Join("r", "b");
        var known = _node.Announcement.WhenRouted("r", "b")!;
        _node.Begin();
        Assert.Equal(MembershipOutcome.SnapshotNeeded, _node.Deliver());
        Assert.False(known.IsCompleted);
        _node.Tell();

        Assert.True(known.IsCompleted);
        Assert.Equal([("r", "a"), ("r", "b")], _node.Owner.Members.Order());
    }

    [Fact]
    public void NewRun_TellsEverythingAgain()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Register();

        Assert.True(_node.Announcement.HasWork(_node.Run, watch: false));
        Assert.True(_node.Begin().IsSnapshot);
        _node.Tell();
        Assert.Equal([("r", "a")], _node.Owner.Members);
    }

    [Fact]
    public void SecondMember_IsRoutedToBeforeItIsKnown()
    {
        _node.Join("r", "a");
        Assert.False(_node.Announcement.IsRoutedTo(_node.Run, "r"));
        _node.Tell();
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
        _node.Join("r", "b");
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
        _node.Leave("r", "a");

        // The owner may be told of the leaving before it is told of the joining.
        Assert.False(_node.Announcement.IsRoutedTo(_node.Run, "r"));
    }

    [Fact]
    public void WhoJoinsWhileTheNodeEntersTheRoom_WaitsForThatAlone()
    {
        _node.Join("r", "a");
        _node.Begin();
        _node.Join("r", "b");
        _node.Join("s", "b");
        var (toR, toS) = (_node.Announcement.WhenRouted("r", "b")!, _node.Announcement.WhenRouted("s", "b")!);
        _node.Leave("r", "a");
        _node.Deliver();

        Assert.True(toR.IsCompleted);
        Assert.False(toS.IsCompleted);
        _node.Tell();
        Assert.True(toS.IsCompleted);
        Assert.Equal([("r", "b"), ("s", "b")], _node.Owner.Members.Order());
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
    }

    [Fact]
    public void WhoLeavesWhileTheNodeEntersTheRoom_WaitsUntilThatIsToldToo()
    {
        _node.Join("r", "a");
        _node.Begin();
        _node.Join("r", "b");
        _node.Leave("r", "a");
        var left = _node.Announcement.WhenRouted("r", "a")!;
        _node.Deliver();

        Assert.False(left.IsCompleted);
        _node.Tell();
        Assert.True(left.IsCompleted);
    }

    [Fact]
    public void RoutedTo_CountsOnlyForTheRunThatToldIt()
    {
        _node.Join("r", "a");
        _node.Tell();

        Assert.False(_node.Announcement.IsRoutedTo(null, "r"));
        Assert.False(_node.Announcement.IsRoutedTo(new NodeRun(new NodeIdentity("n", 99)), "r"));
    }

    [Fact]
    public void Watching_ThatBeginsOrEnds_IsToldWithoutAChange()
    {
        _node.Join("r", "a");
        _node.Tell();
        Assert.False(_node.Announcement.HasWork(_node.Run, watch: false));
        Assert.True(_node.Announcement.HasWork(_node.Run, watch: true));
        var delta = _node.Begin(watch: true);

        Assert.True(delta.WatchSizes);
        Assert.Empty(delta.Changes);
        Assert.True(delta.Version > delta.BaseVersion);
        _node.Deliver();
        Assert.False(_node.Announcement.HasWork(_node.Run, watch: true));
        Assert.True(_node.Announcement.HasWork(_node.Run, watch: false));
    }

    [Fact]
    public void Verification_ChangesNothingForAnOwnerThatKnows()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Announcement.Verify();
        var delta = _node.Begin();

        Assert.Equal(delta.BaseVersion, delta.Version);
        Assert.Empty(delta.Changes);
        _node.Deliver();
        Assert.False(_node.Announcement.HasWork(_node.Run, watch: false));
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
    }

    [Fact]
    public void LastMemberGoneAndTold_NothingIsRememberedOnceThatIsVerified()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Leave("r", "a");
        Assert.False(_node.Announcement.IsForgettable);
        _node.Tell();
        Assert.False(_node.Announcement.IsForgettable);
        _node.VerifyToTheEnd();

        Assert.True(_node.Announcement.IsForgettable);
        Assert.Empty(_node.Owner.Members);
    }

    [Fact]
    public void OwnerThatKnowsAMemberOfANodeThatHasNone_IsPutRight()
    {
        _node.Join("r", "a");
        _node.Tell();
        _node.Leave("r", "a");
        _node.Tell();
        _node.Owner.Members.Add(("r", "ghost"));
        _node.VerifyToTheEnd();

        Assert.Empty(_node.Owner.Members);
    }

    [Fact]
    public void Revocation_HoldsUpThoseWhoJoinedARoomThatOthersMaySendTo()
    {
        _node.Join("r", "a");
        _node.Join("s", "a");
        var (toR, toS, all) =
            (_node.Announcement.WhenRouted("r", "a")!, _node.Announcement.WhenRouted("s", "a")!, _node.Announcement.Verify());
        _node.Begin();
        _node.Join("r", "c");
        var third = _node.Announcement.WhenRouted("r", "c")!;
        var held = _node.Deliver(
            new MembershipReply(MembershipOutcome.Applied) { Rooms = ["r"], Holders = [new NodeIdentity("other", 1)] });

        Assert.True(all.IsCompleted);
        Assert.False(third.IsCompleted);
        Assert.True(toS.IsCompleted);
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "s"));
        Assert.False(toR.IsCompleted);
        Assert.False(_node.Announcement.IsRoutedTo(_node.Run, "r"));

        // The routes that lack the node lack its second socket as well.
        _node.Join("r", "b");
        _node.Join("s", "b");
        var (second, other) = (_node.Announcement.WhenRouted("r", "b")!, _node.Announcement.WhenRouted("s", "b")!);
        _node.Begin();
        var after = _node.Deliver(revoking: null);
        Assert.True(other.IsCompleted);
        Assert.False(second.IsCompleted);
        Assert.False(Task.WhenAll(after!.After).IsCompleted);

        _node.Announcement.Routed(held!);
        Assert.True(toR.IsCompleted);
        Assert.True(third.IsCompleted);
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
        Assert.False(second.IsCompleted);
        Assert.True(Task.WhenAll(after.After).IsCompleted);
        _node.Announcement.Routed(after);
        Assert.True(second.IsCompleted);
        _node.Leave("r", "a");
        Assert.True(_node.Announcement.IsRoutedTo(_node.Run, "r"));
    }

    [Fact]
    public void Revocation_OfEverything_HoldsUpEveryRoom()
    {
        _node.Join("r", "a");
        var known = _node.Announcement.WhenRouted("r", "a")!;
        _node.Begin();
        var held = _node.Deliver(new MembershipReply(MembershipOutcome.Applied) { Generation = 3 });

        Assert.False(known.IsCompleted);
        // Whoever has gone meanwhile is not counted.
        _node.Leave("r", "a");
        _node.Announcement.Routed(held!);
        Assert.True(known.IsCompleted);
        Assert.False(_node.Announcement.IsRoutedTo(_node.Run, "r"));
    }

    [Fact]
    public void Refused_LetsNobodyWait()
    {
        _node.Join("r", "a");
        var known = _node.Announcement.WhenRouted("r", "a")!;
        _node.Begin();
        _node.Announcement.Refused();

        Assert.True(known.IsCompleted);
        Assert.False(_node.Announcement.HasWork(_node.Run, watch: false));
    }

    [Fact]
    public void MoreThanOneMessageCarries_GoesInDeltasThatFollowOneAnother()
    {
        var node = new AnnouncingNode(maxSize: 60);
        node.Join("r", "a");
        node.Tell();
        foreach (var room in Enumerable.Range(0, 6).Select(i => $"{i}{new string('x', 20)}")) node.Join(room, "a");
        var sizes = new List<int>();
        while (node.TryBegin())
        {
            Assert.False(node.Announcement.Delta.IsSnapshot);
            sizes.Add(node.Announcement.Delta.Changes.Length);
            node.Deliver();
        }

        Assert.Equal([2, 2, 2], sizes);
        Assert.Equal(7, node.Owner.Members.Count);
        Assert.All(node.Waiting, wait => Assert.True(wait.IsCompleted));
    }

    [Fact]
    public void WhoWaitsForARoom_WaitsForTheMessageThatNamesItAlone()
    {
        var node = new AnnouncingNode(maxSize: 60);
        node.Join("r", "a");
        node.Tell();
        var rooms = Enumerable.Range(0, 6).Select(i => $"{i}{new string('x', 20)}").ToArray();
        foreach (var room in rooms) node.Join(room, "a");
        var all = node.Announcement.WhenAllKnown()!;
        var (first, last) = (node.Announcement.WhenRouted(rooms[0], "a")!, node.Announcement.WhenRouted(rooms[^1], "a")!);
        node.Tell();

        Assert.True(first.IsCompleted);
        Assert.False(last.IsCompleted || all.IsCompleted);
        node.Settle();
        Assert.True(last.IsCompleted && all.IsCompleted);
    }

    [Fact]
    public void WhatHappensInOneRoom_IsToldAtOnce()
    {
        var node = new AnnouncingNode(maxSize: 18);
        foreach (var socket in new[] { "a", "b", "c" }) node.Join("r", socket);
        node.Settle();
        node.Leave("r", "a");
        node.Join("s", "a");
        node.Join("r", "d");
        var delta = node.Begin();

        Assert.Equal([new MembershipChange("r", "a", false), new MembershipChange("r", "d", true)], delta.Changes.AsEnumerable());
    }

    [Fact]
    public void LargeSnapshot_GoesInParts_AndIsAskedForAgainFromTheFirstWhenTheOwnerIsLostMeanwhile()
    {
        var node = new AnnouncingNode(maxSize: 40);
        foreach (var room in new[] { "p", "q", "r", "s", "t" }) node.Join(room, "a");
        var first = node.Begin();
        Assert.True(first is { IsSnapshot: true, PartsBefore: 0, HasMoreParts: true });
        node.Deliver();
        var second = node.Begin();
        Assert.True(second is { IsSnapshot: true, PartsBefore: 1 });
        Assert.Equal(first.Version, second.Version);
        Assert.Empty(node.Owner.Members);

        node.LoseOwner();
        Assert.Equal(MembershipOutcome.SnapshotNeeded, node.Deliver());
        Assert.Equal(0, node.Begin().PartsBefore);
        node.Settle();
        Assert.Equal(node.Members.Order(), node.Owner.Members.Order());
        Assert.All(node.Waiting, wait => Assert.True(wait.IsCompleted));
    }

    /// <summary>
    /// Whatever is lost, repeated, forgotten or registered anew: in the end the owner knows exactly this node's members, nobody waits in
    /// vain, and at no time is a room said to be routed here that is not, nor a socket told that it has joined one.
    /// </summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(20)]
    public void AnyHistory_EndsWithTheOwnerKnowingTheMembers(int maxSize)
    {
        var step = Gen.Frequency(
            (20, Step), (1, Gen.Const<Action<AnnouncingNode>>(n => n.Announcement.Verify())),
            (1, Gen.Const<Action<AnnouncingNode>>(n => n.Register())));

        step.Array[0, 60].Sample(
            steps =>
            {
                var node = new AnnouncingNode(maxSize);
                foreach (var act in steps)
                {
                    act(node);
                    node.CheckRoutes();
                }

                node.Announcement.Verify();
                node.Settle();
                Assert.Equal(node.Members.Order(), node.Owner.Members.Order());
                Assert.All(node.Waiting, wait => Assert.True(wait.IsCompleted));
                if (node.Members.Count > 0) return;
                node.VerifyToTheEnd();
                Assert.True(node.Announcement.IsForgettable);
                Assert.Empty(node.Owner.Members);
            },
            iter: 10_000);
    }

    /// <summary>
    /// The sockets that verification finds an owner to know wrongly do not come about by what is lost, repeated or forgotten: without any
    /// verification no such socket is left. So it does no harm that a node verifies a shard only while it has sockets there.
    /// </summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(20)]
    public void AnyHistory_WithoutVerification_LeavesNoGhosts(int maxSize)
    {
        var step = Gen.Frequency((20, Step), (1, Gen.Const<Action<AnnouncingNode>>(n => n.Depart())));

        step.Array[0, 60].Sample(
            steps =>
            {
                var node = new AnnouncingNode(maxSize);
                foreach (var act in steps) act(node);

                node.Settle();
                Assert.All(node.Owner.Members, member => Assert.Contains(member, node.Members));
            },
            iter: 10_000);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(20)]
    public void AnyHistoryOfOneRoom_NeverClaimsARouteThatIsNotThere(int maxSize)
    {
        var socket = AnySocket;
        Gen<Action<AnnouncingNode>> step = Gen.Frequency(
            (6, socket.Select<string, Action<AnnouncingNode>>(s => n => n.Join("r", s))),
            (5, socket.Select<string, Action<AnnouncingNode>>(s => n => n.Leave("r", s))),
            (6, Gen.Const<Action<AnnouncingNode>>(n => n.TryTell())),
            (2, Gen.Const<Action<AnnouncingNode>>(n => n.TryTell(answerIsLost: true))),
            (2, Gen.Const<Action<AnnouncingNode>>(n => n.TryBegin())),
            (1, Gen.Const<Action<AnnouncingNode>>(n => n.Register())));

        step.Array[0, 60].Sample(
            steps =>
            {
                var node = new AnnouncingNode(maxSize);
                foreach (var act in steps)
                {
                    act(node);
                    node.CheckRoutes();
                }
            },
            iter: 10_000);
    }
}
