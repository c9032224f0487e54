using System.Net;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class PendingSessionsTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData(null, null, true)]
    public void Limit_CountsForAnAddressOrNetwork(string? first, string? second, bool isSame)
    {
        var pending = new PendingSessions(limit: 1);
        var (one, other) = (Parse(first), Parse(second));

        Assert.True(pending.TryAdd(one));
        Assert.Equal(isSame, pending.IsFull(other));
        Assert.Equal(!isSame, pending.TryAdd(other));
        pending.Remove(one);
        Assert.Equal(isSame, pending.TryAdd(other));
    }

    [Fact]
    public void Refusals_AreNewsOnceUntilHalfHasGone()
    {
        var pending = new PendingSessions(limit: 4);
        for (var i = 0; i < 4; i++) Assert.True(pending.TryAdd(IPAddress.Loopback));

        Assert.True(pending.NoteRefusal(IPAddress.Loopback));
        Assert.False(pending.NoteRefusal(IPAddress.Loopback));
        pending.Remove(IPAddress.Loopback);
        Assert.False(pending.NoteRefusal(IPAddress.Loopback));
        pending.Remove(IPAddress.Loopback);
        Assert.True(pending.NoteRefusal(IPAddress.Loopback));
    }

    private static IPAddress? Parse(string? address) => address is null ? null : IPAddress.Parse(address);
}
