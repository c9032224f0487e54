using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Membership.Routes;

namespace OrleansRooms.Membership.Tests.Routes;

public sealed class RevokedRoutesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RevokedRoutes _revoked;

    public RevokedRoutesTests() => _revoked = new RevokedRoutes(_time);

    [Fact]
    public void Cover_OfWhatWasDroppedBefore_HoldsUntilAnotherLeaseIsGiven()
    {
        Assert.False(_revoked.Cover("/", Reply(lease: 5, "r")));
        _revoked.Add("/", Reply(lease: 5, "r"));
        Assert.True(_revoked.Cover("/", Reply(lease: 5, "r")));
        Assert.True(_revoked.Cover("/", Reply(lease: 4, "r")));
        Assert.False(_revoked.Cover("/", Reply(lease: 6, "r")));
        Assert.False(_revoked.Cover("/other", Reply(lease: 5, "r")));
        Assert.False(_revoked.Cover("/", Reply(lease: 5, "r", "s")));
    }

    [Fact]
    public void Add_OfALateAnswer_TakesNothingBack()
    {
        _revoked.Add("/", Reply(lease: 5, "r"));
        _revoked.Add("/", Reply(lease: 3, "r"));
        Assert.True(_revoked.Cover("/", Reply(lease: 5, "r")));
    }

    [Fact]
    public void Owner_ThatIsAnother_OrDoesNotSay_IsNotCovered()
    {
        _revoked.Add("/", Reply(lease: 5, "r"));
        Assert.False(_revoked.Cover("/", Reply(lease: 1, "r") with { Owner = 2 }));
        _revoked.Add("/", Reply(lease: 0, "s") with { Owner = 0 });
        Assert.False(_revoked.Cover("/", Reply(lease: 0, "s") with { Owner = 0 }));
    }

    [Fact]
    public void MoreRoomsThanAreRemembered_AreAskedForEveryTime_UntilOthersHaveExpired()
    {
        for (var i = 0; i < RevokedRoutes.MaxRooms; i++) _revoked.Add("/", Reply(lease: 1, $"r{i}"));
        _revoked.Add("/", Reply(lease: 1, "one more"));
        Assert.False(_revoked.Cover("/", Reply(lease: 1, "one more")));
        Assert.True(_revoked.Cover("/", Reply(lease: 1, "r0")));

        _time.Advance(TimeSpan.FromSeconds(30));
        _revoked.Add("/", Reply(lease: 1, "one more"));
        Assert.True(_revoked.Cover("/", Reply(lease: 1, "one more")));
    }

    private static MembershipReply Reply(long lease, params string[] rooms) =>
        new(MembershipOutcome.Applied) { Rooms = [.. rooms], Owner = 1, LastLease = lease, Lease = TimeSpan.FromSeconds(30) };
}
