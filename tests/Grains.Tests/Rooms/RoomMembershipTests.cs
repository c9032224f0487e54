using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class RoomMembershipTests
{
    private static readonly NodeIdentity A = new("a", 5);
    private static readonly NodeIdentity B = new("b", 5);

    private readonly RoomMembership _rooms = new();

    [Fact]
    public void Apply_DeltasInOrder_CountsMembers()
    {
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Join(A, 1, "red", "s1", "s2")));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Join(B, 1, "red", "s3")));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Leave(A, 2, "red", "s1")));
        Assert.Equal(2, _rooms.SizeOf("red"));
        Assert.Equal([A, B], _rooms.NodesOf("red").ToArray());
        Assert.Equal(["s2@a", "s3@b"], _rooms.MembersOf("red").Ordered());
        Assert.Equal(0, _rooms.SizeOf("blue"));
        Assert.Empty(_rooms.NodesOf("blue"));
        Assert.Empty(_rooms.MembersOf("blue"));
    }

    [Fact]
    public void Apply_DeltaAgain_IsTakenForARepetition()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Apply(Deltas.Leave(A, 2, "red", "s1"));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Join(A, 1, "red", "s1")));
        Assert.Equal(0, _rooms.SizeOf("red"));
    }

    [Fact]
    public void Apply_DeltaThatSkipsOne_NeedsSnapshotAndChangesNothing()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(Deltas.Join(A, 3, "red", "s3")));
        Assert.Equal(["s1@a"], _rooms.MembersOf("red").Ordered());
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Snapshot(A, 3, "red", "s2", "s3")));
        Assert.Equal(["s2@a", "s3@a"], _rooms.MembersOf("red").Ordered());
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Join(A, 4, "red", "s4")));
    }

    [Fact]
    public void Apply_DeltaThatOverlaps_NeedsSnapshot()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(Deltas.Join(A, 2, "red", "s1", "s2") with { BaseVersion = 0 }));
    }

    [Fact]
    public void Apply_ToOwnerThatLostItsState_NeedsSnapshot() =>
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(Deltas.Join(A, 8, "red", "s1")));

    [Fact]
    public void Apply_OlderSnapshot_ChangesNothing()
    {
        Apply(Deltas.Snapshot(A, 5, "red", "s1"));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Snapshot(A, 4, "red", "s2")));
        Assert.Equal(["s1@a"], _rooms.MembersOf("red").Ordered());
    }

    [Fact]
    public void Apply_SnapshotOfTheSameVersion_Heals()
    {
        Apply(Deltas.Snapshot(A, 5, "red", "wrong"));
        Apply(Deltas.Snapshot(A, 5, "red", "s1"));
        Assert.Equal(["s1@a"], _rooms.MembersOf("red").Ordered());
    }

    [Fact]
    public void Apply_NewerRun_ReplacesTheOlderAndFencesIt()
    {
        Apply(Deltas.Join(A, 1, "red", "s1", "s2"));
        var restarted = A with { Epoch = 6 };
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Join(restarted, 1, "red", "s9")));
        Assert.Equal(MembershipOutcome.Fenced, Apply(Deltas.Join(A, 2, "red", "s3")));
        Assert.Equal([restarted], _rooms.NodesOf("red").ToArray());
        Assert.Equal(1, _rooms.SizeOf("red"));
    }

    [Fact]
    public void Apply_NewerRunThatNeedsSnapshot_StillEndsTheOlder()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(Deltas.Join(A with { Epoch = 6 }, 4, "red", "s9")));
        Assert.Equal(0, _rooms.SizeOf("red"));
    }

    [Fact]
    public void Apply_SameSocketTwice_CountsOnce()
    {
        Apply(Deltas.Join(A, 1, "red", "s1", "s1"));
        Apply(Deltas.Join(A, 2, "red", "s1"));
        Assert.Equal(1, _rooms.SizeOf("red"));
        Apply(Deltas.Leave(A, 3, "red", "s1", "s1", "unknown"));
        Assert.Equal(0, _rooms.SizeOf("red"));
    }

    [Fact]
    public void Forget_Run_RemovesItFromAllRoomsAndLeavesNoEmptyRoom()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Apply(Deltas.Join(A, 2, "blue", "s1"));
        Apply(Deltas.Join(B, 1, "blue", "s2"));
        Assert.True(_rooms.Forget(A));
        Assert.False(_rooms.Forget(A));
        Assert.Equal(1, _rooms.RoomCount);
        Assert.Equal([B], _rooms.NodesOf("blue").ToArray());
        Assert.True(_rooms.Forget(B));
        Assert.True(_rooms.IsEmpty);
    }

    [Fact]
    public void Forget_FormerRun_LeavesTheNewerAlone()
    {
        var restarted = A with { Epoch = 6 };
        Apply(Deltas.Join(restarted, 1, "red", "s1"));
        Assert.False(_rooms.Forget(A));
        Assert.Equal(1, _rooms.SizeOf("red"));
    }

    [Fact]
    public void Resized_WithoutWatchers_IsNotRecorded()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Assert.False(_rooms.HasResized);
    }

    [Fact]
    public void Resized_ByAnotherNode_IsAnnouncedToTheWatcher()
    {
        Apply(Deltas.Join(A, 1, "red", "s1").Watching());
        Assert.Equal(["red"], TakeResized());
        Apply(Deltas.Join(B, 1, "red", "s2"));
        Assert.Equal(["red"], TakeResized());
        var watchers = new List<NodeIdentity>();
        Assert.Equal(2, _rooms.Announce("red", watchers));
        Assert.Equal([A], watchers);
        Apply(Deltas.Join(B, 2, "red", "s2"));
        Assert.Empty(TakeResized());
        _rooms.Forget(B);
        Assert.Equal(["red"], TakeResized());
        _rooms.Forget(A);
        Assert.Empty(TakeResized());
    }

    [Fact]
    public void Resized_BeforeTheOwnerHeardThatANodeWatches_IsAnnouncedOnceItHas()
    {
        Apply(Deltas.Join(A, 1, "red", "s1"));
        Apply(Deltas.Join(B, 1, "blue", "s2"));
        Apply(Deltas.Join(B, 2, "red", "s3"));
        Apply(Deltas.Join(A, 2, "red").Watching());
        Assert.Equal(["red"], TakeResized());
        Apply(Deltas.Join(A, 3, "red").Watching());
        Assert.Empty(TakeResized());
    }

    [Fact]
    public void List_AndLog_LeavePrivateRoomsOut()
    {
        const string privateRoom = "aaaaaaaaaaaaaaaaaaaa";
        var log = _rooms.Log = new RoomLog();
        var before = log.Position;
        Apply(Deltas.Join(A, 1, privateRoom, "s1"));
        Apply(Deltas.Join(A, 2, "red", "s1"));
        Apply(Deltas.Join(B, 1, "blue", "s2"));
        Apply(Deltas.Leave(A, 3, privateRoom, "s1"));

        Assert.Equal(["blue", "red"], _rooms.List("", null, 10).Rooms.AsEnumerable());
        Assert.Equal(["red"], _rooms.List("", "blue", 10).Rooms.AsEnumerable());
        Assert.Equal(["blue"], _rooms.List("b", null, 10).Rooms.AsEnumerable());
        Assert.True(log.TryRead(before, out var changes));
        Assert.Equal([new RoomExistence("red", true), new RoomExistence("blue", true)], changes.AsEnumerable());
    }

    [Fact]
    public void List_OfMoreThanOneMessageCarries_GoesOnBehindTheLast()
    {
        string[] names = [.. "abc".Select(letter => letter + new string('x', 600_000))];
        Apply(Deltas.Join(A, 1, "", "s1") with { Changes = [.. names.Select(name => new MembershipChange(name, "s1", true))] });
        var first = _rooms.List("", null, 10);
        var second = _rooms.List("", first.Rooms[^1], 10);

        Assert.Equal((1, true), (first.Rooms.Length, first.HasMore));
        Assert.Equal((1, true), (second.Rooms.Length, second.HasMore));
        Assert.Equal([names[2]], _rooms.List("", second.Rooms[^1], 10).Rooms.AsEnumerable());
        Assert.False(_rooms.List("", second.Rooms[^1], 10).HasMore);
    }

    [Fact]
    public void SnapshotInParts_IsTakenAsAWholeWhenTheLastIsThere()
    {
        Apply(Deltas.Join(A, 1, "red", "s1", "s2"));
        var first = Deltas.Snapshot(A, 2, "red", "s2") with { HasMoreParts = true };
        var last = Deltas.Snapshot(A, 2, "blue", "s3") with { PartsBefore = 1 };

        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(last));
        Assert.Equal(MembershipOutcome.Applied, Apply(first));
        Assert.Equal(MembershipOutcome.Applied, Apply(first));
        Assert.Empty(_rooms.Rerouted!);
        Assert.Equal(["s1@a", "s2@a"], _rooms.MembersOf("red").Ordered());

        Assert.Equal(MembershipOutcome.Applied, Apply(last));
        Assert.Null(_rooms.Rerouted);
        Assert.Equal(["s2@a"], _rooms.MembersOf("red").Ordered());
        Assert.Equal(["s3@a"], _rooms.MembersOf("blue").Ordered());
        Assert.Equal(MembershipOutcome.Applied, Apply(last));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Leave(A, 3, "blue", "s3")));
        Assert.Equal(1, _rooms.RoomCount);
    }

    [Fact]
    public void SnapshotInParts_OfARunThatIsNew_IsAskedForAgainWhenTheOwnerLacksAPart()
    {
        var second = Deltas.Snapshot(A, 1, "red", "s2") with { PartsBefore = 1, HasMoreParts = true };
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(second));
        Apply(Deltas.Snapshot(A, 1, "red", "s1") with { HasMoreParts = true });
        Assert.Equal(MembershipOutcome.SnapshotNeeded, Apply(second with { PartsBefore = 2 }));
        Assert.Equal(MembershipOutcome.Applied, Apply(Deltas.Snapshot(A, 2, "red", "s3")));
        Assert.Equal(["s3@a"], _rooms.MembersOf("red").Ordered());
    }

    [Fact]
    public void IsAt_TellsADivergenceFromAnOwnerThatKnowsLess()
    {
        var delta = Deltas.Join(A, 2, "red", "s1");
        Assert.False(_rooms.IsAt(delta));
        Apply(Deltas.Snapshot(A, 2, "red", "other"));
        Assert.True(_rooms.IsAt(delta));
        Assert.False(_rooms.IsAt(delta with { Version = 3 }));
        Assert.False(_rooms.IsAt(delta with { Node = A with { Epoch = A.Epoch + 1 } }));
    }

    [Fact]
    public void Resized_PrivateRoom_IsSilentUntilItIsShared()
    {
        Apply(Deltas.Join(A, 1, "own-id", "own-id").Watching());
        Assert.Empty(TakeResized());
        Apply(Deltas.Join(A, 2, "own-id", "other").Watching());
        Assert.Equal(["own-id"], TakeResized());
        Assert.Equal(2, _rooms.Announce("own-id", []));
        Apply(Deltas.Leave(A, 3, "own-id", "other").Watching());
        Assert.Equal(["own-id"], TakeResized());
    }

    [Fact]
    public void Resized_EmptiedAndFilledByOneSnapshot_StaysAnnounced()
    {
        Apply(Deltas.Snapshot(A, 1, "own-id", "own-id", "other").Watching());
        Assert.Equal(["own-id"], TakeResized());
        _rooms.Announce("own-id", []);
        Apply(Deltas.Snapshot(A, 2, "own-id", "own-id").Watching());
        Assert.Equal(["own-id"], TakeResized());
    }

    private MembershipOutcome Apply(MembershipDelta delta) => _rooms.Apply(delta, out _);

    private List<string> TakeResized()
    {
        var rooms = new List<string>();
        _rooms.TakeResized(rooms);
        return rooms;
    }
}
