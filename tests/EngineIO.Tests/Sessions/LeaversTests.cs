using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class LeaversTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Leaver_IsAnsweredOnceAndInTime()
    {
        var leavers = new Leavers(_time);
        leavers.Add("a");
        leavers.Add("b");

        Assert.True(leavers.TryTake("a"));
        Assert.False(leavers.TryTake("a"));
        Assert.False(leavers.TryTake("c"));
        _time.Advance(Leavers.Patience + TimeSpan.FromTicks(1));
        Assert.False(leavers.TryTake("b"));
    }

    [Fact]
    public void Leavers_BeyondTheCapacity_PushOutTheOldest()
    {
        var leavers = new Leavers(_time);
        for (var i = 0; i <= Leavers.Capacity; i++) leavers.Add($"{i}");

        Assert.False(leavers.TryTake("0"));
        Assert.True(leavers.TryTake("1"));
        Assert.True(leavers.TryTake($"{Leavers.Capacity}"));
    }

    /// <summary>Ids of the application's own may come again.</summary>
    [Fact]
    public void Leaver_WhoseIdCameAgain_IsNotPushedOutByItsPredecessor()
    {
        var leavers = new Leavers(_time);
        leavers.Add("a");
        _time.Advance(Leavers.Patience);
        leavers.Add("a");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        leavers.Add("b");

        Assert.True(leavers.TryTake("a"));
    }
}
