using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>When what owners know counts for everything.</summary>
public sealed class GenerationTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ListenTime = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void NewDirectory_WhileItListens_IsNotSettled()
    {
        var leases = Create();
        leases.Register("a", 0);
        Pass(leases, ListenTime - TimeSpan.FromSeconds(1));
        Assert.False(leases.View.IsSettled);
        Assert.Equal(0, leases.View.Settled);
        Pass(leases, TimeSpan.FromSeconds(1));
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void NewDirectory_WhoseProcessStalls_ListensAnew()
    {
        var leases = Create();
        _time.Advance(Lease);
        leases.Sweep([]);
        Assert.False(leases.View.IsSettled);
        Pass(leases, ListenTime);
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void NewDirectory_HasAHigherGenerationThanTheFormer()
    {
        var former = Create();
        former.RaiseGeneration();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(Create().Generation > former.Generation);
    }

    [Fact]
    public void NewDirectory_WithAClockBehind_GoesBeyondWhatNodesHaveConfirmed()
    {
        var leases = Settled();
        var future = leases.Generation + 1_000_000;
        leases.Heartbeat(new NodeIdentity("a", 1), future);
        Assert.Equal(future + 1, leases.Generation);
        Assert.False(leases.View.IsSettled);
    }

    [Fact]
    public void RaisedGeneration_IsSettledWhenEveryNodeHasConfirmedIt()
    {
        var leases = Settled();
        var a = leases.Register("a", 0);
        var b = leases.Register("b", 0);
        Assert.True(leases.View.IsSettled);
        var former = leases.View;

        leases.RaiseGeneration();
        Assert.NotEqual(former.Version, leases.Version);
        Assert.Equal(former.Generation, leases.View.Settled);
        leases.Heartbeat(a, leases.Generation);
        Assert.False(leases.View.IsSettled);
        leases.Heartbeat(b, leases.Generation);
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void Confirmation_OfAFormerGeneration_SettlesThatOne()
    {
        var leases = Settled();
        var a = leases.Register("a", 0);
        leases.RaiseGeneration();
        var first = leases.Generation;
        leases.RaiseGeneration();
        leases.Heartbeat(a, first);
        Assert.Equal(first, leases.View.Settled);
        leases.Heartbeat(a, first - 1);
        Assert.Equal(first, leases.View.Settled);
    }

    [Fact]
    public void Confirmation_OfAGenerationToCome_CountsForNothing()
    {
        var leases = Settled();
        var a = leases.Register("a", 0);
        leases.Heartbeat(a, leases.Generation + 5);
        leases.RaiseGeneration();
        Assert.False(leases.View.IsSettled);
    }

    [Fact]
    public void NodeThatDies_IsWaitedForOnlyUntilItsLeaseEnds()
    {
        var leases = Settled();
        var a = leases.Register("a", 0);
        var dead = leases.Register("dead", 0);
        leases.RaiseGeneration();
        for (var i = 0; i < 4; i++)
        {
            Assert.False(leases.View.IsSettled);
            Pass(leases, TimeSpan.FromSeconds(1));
            leases.Heartbeat(a, leases.Generation);
        }

        Assert.Contains(dead, leases.View.Departed);
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void NodeThatLeaves_IsNotWaitedFor()
    {
        var leases = Settled();
        var a = leases.Register("a", 0);
        leases.RaiseGeneration();
        leases.Leave(a);
        Assert.True(leases.View.IsSettled);
    }

    [Fact]
    public void NodeThatIsOnlyMentioned_HasConfirmedNothing()
    {
        var leases = Settled();
        leases.Mention(new NodeIdentity("a", 1));
        Assert.False(leases.View.IsSettled);
    }

    [Fact]
    public void NodeThatRegistersAnew_HasNothingToConfirm()
    {
        var leases = Settled();
        leases.RaiseGeneration();
        var a = leases.Register("a", 0);
        Assert.True(leases.View.IsSettled);
        leases.RaiseGeneration();
        leases.Register("a", a.Epoch);
        Assert.True(leases.View.IsSettled);
    }

    private NodeLeases Create() => new(_time, new NodeLeaseRules(Lease, TimeSpan.FromMinutes(10), MaxDeparted: 100, ListenTime));

    private NodeLeases Settled()
    {
        var leases = Create();
        Pass(leases, ListenTime);
        Assert.True(leases.View.IsSettled);
        return leases;
    }

    private void Pass(NodeLeases leases, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(500))
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            leases.Sweep([]);
        }
    }
}
