using Microsoft.Extensions.Time.Testing;
using OrleansRooms.AdapterClient.Membership;
using OrleansRooms.Publishing.Routing;

namespace OrleansRooms.AdapterClient.Tests.Membership;

public sealed class OwnerPaceTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new();
    private readonly OwnerPace _pace;
    private readonly List<OwnerAnnouncement> _due = [];

    public OwnerPaceTests() => _pace = new OwnerPace(Interval, _time, () => _due.AddRange(_pace!.TakeDue()));

    public void Dispose() => _pace.Dispose();

    [Fact]
    public void FirstTurn_IsNotHeldBack_NorOneAfterTheInterval()
    {
        var owner = Owner("a");
        Assert.False(_pace.TryHoldBack(owner));

        _pace.Note(owner);
        _time.Advance(Interval);

        Assert.False(_pace.TryHoldBack(owner));
        Assert.Empty(_due);
    }

    [Fact]
    public void NextTurn_ComesOnceAndAtMostAnIntervalLater()
    {
        var (one, other) = (Owner("a"), Owner("b"));
        _pace.Note(one);
        _pace.Note(other);
        Assert.True(_pace.TryHoldBack(one));
        Assert.True(_pace.TryHoldBack(one));
        _time.Advance(Interval / 2);
        Assert.True(_pace.TryHoldBack(other));
        Assert.Empty(_due);

        _time.Advance(Interval / 2);
        Assert.Equal([one, other], _due);

        _time.Advance(Interval * 2);
        Assert.Equal(2, _due.Count);
    }

    [Fact]
    public void TurnsGoOn_AsLongAsSomethingChanges()
    {
        var owner = Owner("a");
        for (var i = 1; i <= 3; i++)
        {
            _pace.Note(owner);
            Assert.True(_pace.TryHoldBack(owner));
            _time.Advance(Interval);
            Assert.Equal(i, _due.Count);
        }
    }

    [Fact]
    public void ForgottenOwner_IsNeverDue()
    {
        var (forgotten, other) = (Owner("a"), Owner("b"));
        _pace.Note(forgotten);
        _pace.Note(other);
        Assert.True(_pace.TryHoldBack(forgotten));
        Assert.True(_pace.TryHoldBack(other));

        _pace.Forget(forgotten);
        _time.Advance(Interval);

        Assert.Equal([other], _due);
    }

    [Fact]
    public void NothingIsHeldBack_AfterTheEnd()
    {
        var owner = Owner("a");
        _pace.Note(owner);
        _pace.Dispose();

        Assert.False(_pace.TryHoldBack(owner));
    }

    private static OwnerAnnouncement Owner(string room) => new(new OwnerKey(room, -1));
}
