using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

public sealed class NodeLeasesTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Register_NewNode_LivesUnderAnEpoch()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        Assert.True(node.Epoch > 0);
        Assert.Equal([node], leases.View.Living.ToArray());
        Assert.Empty(leases.View.Departed);
    }

    [Fact]
    public void Register_Again_FormerRunDepartsAndEpochGrows()
    {
        var leases = Create();
        var first = leases.Register("a", 0);
        var second = leases.Register("a", 0);
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal([second], leases.View.Living.ToArray());
        Assert.Equal([first], leases.View.Departed.ToArray());
    }

    [Fact]
    public void Register_WithAnEpochFromTheFuture_EpochStillGrows()
    {
        var future = _time.GetUtcNow().ToUnixTimeMilliseconds() + 1_000_000;
        Assert.Equal(future + 1, Create().Register("a", future).Epoch);
    }

    [Fact]
    public void Register_WithDirectoryThatLostItsState_EpochStillGrows()
    {
        var first = Create().Register("a", 0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(Create().Register("a", 0).Epoch > first.Epoch);
    }

    [Fact]
    public void Heartbeat_ThatConfirmsAFormerDirectorysGenerationLate_IsAskedForAHigherOneAndSettlesIt()
    {
        var node = Create().Register("a", 0);
        // A second directory's clock was ahead. It was lost before the node had confirmed what it heard there.
        var ahead = Create().Generation + TimeSpan.TicksPerHour;
        _time.Advance(TimeSpan.FromSeconds(1));
        var third = CreateThatListensToNobody();
        Assert.Equal(HeartbeatStatus.Renewed, third.Heartbeat(node, confirmed: 1));
        var own = third.Generation;
        third.Heartbeat(node, ahead);
        Assert.True(third.Generation > ahead);
        Assert.False(third.View.IsSettled);

        // It confirmed what another asked for; what this one asks for it confirms now.
        third.Heartbeat(node, third.Generation);
        Assert.True(third.View.IsSettled);
        Assert.True(own < ahead);
    }

    [Fact]
    public void Hear_OfADirectoryWhoseClockWasAhead_GoesOnBehindItsGenerationsOnce()
    {
        var leases = CreateThatListensToNobody();
        var node = leases.Register("a", 0);
        leases.Hear(leases.Version);
        leases.Hear(default);
        Assert.True(leases.View.IsSettled);

        var ahead = new DirectoryVersion(leases.Version.Activation + TimeSpan.TicksPerHour, 7);
        leases.Hear(ahead);
        var generation = leases.Generation;
        Assert.True(generation > ahead.Activation + 1_000_000);
        Assert.False(leases.View.IsSettled);
        leases.Hear(ahead);
        Assert.Equal(generation, leases.Generation);
        leases.Heartbeat(node, generation);
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void Heartbeat_OfANodeThatWasDeclaredDeparted_IsFencedByWhoKnowsAndAdoptedByANewDirectory()
    {
        var leases = Create();
        var frozen = leases.Register("a", 0);
        Pass(leases, Lease);
        Assert.Equal([frozen], leases.View.Departed.ToArray());
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(frozen, 0));

        // That directory is lost, and what it knew with it.
        var other = Create();
        Assert.Equal(HeartbeatStatus.Renewed, other.Heartbeat(frozen, 0));
        Assert.Equal([frozen], other.View.Living.ToArray());
        // It counts among those who have to tell everything again.
        Assert.False(other.View.IsSettled);
    }

    [Fact]
    public void Heartbeat_WithinTheLease_KeepsTheNodeAlive()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        for (var i = 0; i < 10; i++)
        {
            Pass(leases, Lease - TimeSpan.FromSeconds(1));
            Assert.Equal(HeartbeatStatus.Renewed, leases.Heartbeat(node, 0));
        }

        Assert.Equal([node], leases.View.Living.ToArray());
    }

    [Fact]
    public void Sweep_AfterTheLease_NodeDepartsAndItsHeartbeatIsFenced()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        Assert.Empty(Pass(leases, Lease - TimeSpan.FromMilliseconds(500)));
        Assert.Equal([node], Pass(leases, TimeSpan.FromMilliseconds(500)));
        Assert.Empty(leases.View.Living);
        Assert.Equal([node], leases.View.Departed.ToArray());
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(node, 0));
        Assert.True(leases.Register("a", node.Epoch).Epoch > node.Epoch);
    }

    [Fact]
    public void Heartbeat_OfUnknownRun_IsAdopted()
    {
        var leases = Create();
        var node = new NodeIdentity("a", 17);
        Assert.Equal(HeartbeatStatus.Renewed, leases.Heartbeat(node, 0));
        Assert.Equal([node], leases.View.Living.ToArray());
        Assert.Equal([node], Pass(leases, Lease));
    }

    [Fact]
    public void Heartbeat_OfOlderRunThanTheLiving_IsFenced()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(node with { Epoch = node.Epoch - 1 }, 0));
        Assert.Equal([node], leases.View.Living.ToArray());
    }

    [Fact]
    public void Heartbeat_OfNewerRunThanTheLiving_TakesItsPlace()
    {
        var leases = Create();
        var older = leases.Register("a", 0);
        var newer = older with { Epoch = older.Epoch + 5 };
        Assert.Equal(HeartbeatStatus.Renewed, leases.Heartbeat(newer, 0));
        Assert.Equal([newer], leases.View.Living.ToArray());
        Assert.Equal([older], leases.View.Departed.ToArray());
    }

    [Fact]
    public void Leave_OfLivingRun_DepartsAtOnceAndOnlyOnce()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        Assert.True(leases.Leave(node));
        var version = leases.Version;
        Assert.False(leases.Leave(node));
        Assert.Equal(version, leases.Version);
        Assert.Equal([node], leases.View.Departed.ToArray());
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(node, 0));
    }

    [Fact]
    public void Leave_OfFormerRun_LeavesTheLivingOneAlone()
    {
        var leases = Create();
        var former = leases.Register("a", 0);
        var living = leases.Register("a", former.Epoch);
        Assert.False(leases.Leave(former));
        Assert.Equal([living], leases.View.Living.ToArray());
    }

    [Fact]
    public void Leave_OfUnknownRun_IsListedAsDeparted()
    {
        var leases = Create();
        var node = new NodeIdentity("a", 17);
        Assert.False(leases.Leave(node));
        Assert.Equal([node], leases.View.Departed.ToArray());
    }

    [Fact]
    public void Mention_OfUnknownRunThatNeverShowsUp_DepartsAfterALease()
    {
        var leases = Create();
        var node = new NodeIdentity("a", 17);
        leases.Mention(node);
        Assert.Empty(leases.View.Departed);
        Pass(leases, Lease / 2);
        leases.Mention(node);
        Assert.Equal([node], Pass(leases, Lease / 2));
        Assert.Equal([node], leases.View.Departed.ToArray());
    }

    [Fact]
    public void Mention_OfRunThatShowsUp_Lives()
    {
        var leases = Create();
        var node = new NodeIdentity("a", 17);
        leases.Mention(node);
        Pass(leases, Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(HeartbeatStatus.Renewed, leases.Heartbeat(node, 0));
        Assert.Empty(Pass(leases, Lease - TimeSpan.FromSeconds(1)));
        Assert.Equal([node], leases.View.Living.ToArray());
    }

    [Fact]
    public void Mention_OfRunThatWasSupersededUnheard_IsListedAsDeparted()
    {
        var leases = Create();
        var living = leases.Register("a", 0);
        var former = living with { Epoch = 3 };
        leases.Mention(former);
        leases.Mention(former);
        Assert.Equal([living], leases.View.Living.ToArray());
        Assert.Equal([former], leases.View.Departed.ToArray());
    }

    [Fact]
    public void Mention_OfRunNewerThanTheLiving_FencesTheLiving()
    {
        // The clock of the former directory's silo was ahead, so it gave a higher epoch to an earlier run.
        var leases = Create();
        var node = leases.Register("a", 0);
        var earlier = node with { Epoch = node.Epoch + 1000 };
        leases.Mention(earlier);
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(node, 0));
        Assert.True(leases.Register("a", node.Epoch).Epoch > earlier.Epoch);
    }

    [Fact]
    public void Sweep_AfterThisProcessStoodStill_ListensForAnotherLease()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        _time.Advance(Lease * 3);
        var expired = new List<NodeIdentity>();
        leases.Sweep(expired);
        Assert.Empty(expired);
        Assert.Equal(HeartbeatStatus.Renewed, leases.Heartbeat(node, 0));
        Assert.Equal([node], Pass(leases, Lease));
    }

    [Fact]
    public void Departed_AfterRetention_IsForgottenButStillFenced()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        leases.Leave(node);
        Pass(leases, Retention);
        Assert.Empty(leases.View.Departed);
        Assert.Equal(HeartbeatStatus.Fenced, leases.Heartbeat(node, 0));
        leases.Mention(node);
        Assert.Equal([node], leases.View.Departed.ToArray());
        Assert.True(leases.Register("a", 0).Epoch > node.Epoch);
    }

    [Fact]
    public void Departed_BeyondTheLimit_OldestAreForgotten()
    {
        var leases = new NodeLeases(_time, new NodeLeaseRules(Lease, Retention, MaxDeparted: 3, ListenTime: Lease));
        var nodes = Enumerable.Range(0, 10).Select(i => leases.Register($"n{i}", 0)).ToArray();
        foreach (var node in nodes)
        {
            leases.Leave(node);
        }

        Assert.Equal(nodes[7..], leases.View.Departed.ToArray());
    }

    [Fact]
    public void View_WithoutChanges_KeepsItsVersion()
    {
        var leases = Create();
        var node = leases.Register("a", 0);
        var version = leases.Version;
        leases.Heartbeat(node, 0);
        leases.Mention(node);
        Pass(leases, TimeSpan.FromSeconds(1));
        Assert.Equal(version, leases.Version);
        Assert.Same(leases.View, leases.View);
    }

    private NodeLeases Create() => new(_time, new NodeLeaseRules(Lease, Retention, MaxDeparted: 100, ListenTime: Lease));

    private NodeLeases CreateThatListensToNobody() =>
        new(_time, new NodeLeaseRules(Lease, Retention, MaxDeparted: 100, ListenTime: TimeSpan.Zero));

    /// <summary>Lets time pass, sweeping as a healthy directory does.</summary>
    private List<NodeIdentity> Pass(NodeLeases leases, TimeSpan time)
    {
        var expired = new List<NodeIdentity>();
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(500))
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            var now = new List<NodeIdentity>();
            leases.Sweep(now);
            expired.AddRange(now);
        }

        return expired;
    }
}
