namespace OrleansRooms.Grains.Tests;

public sealed class RoomsGrainOptionsTests
{
    private readonly RoomsGrainOptions _options = new();

    [Fact]
    public void Defaults_AreValidAndLeaveRoomForThreeHeartbeats()
    {
        Assert.True(Validate().Succeeded);
        Assert.Equal(TimeSpan.FromSeconds(3.5), _options.Lease);
    }

    [Fact]
    public void NodeTimeout_TooShortForTheIntervals_SaysWhatToChange()
    {
        _options.NodeTimeout = TimeSpan.FromSeconds(2);
        Assert.Contains("raise NodeTimeout", Assert.Single(Validate().Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralBadValues_AreAllNamed()
    {
        _options.SweepInterval = TimeSpan.Zero;
        _options.ViewPollInterval = TimeSpan.FromSeconds(-1);
        _options.MaxDepartedNodes = 0;
        Assert.Equal(3, Validate().Failures!.Count());
    }

    [Fact]
    public void DepartedRetention_ShorterThanNodeTimeout_IsRefused()
    {
        _options.DepartedRetention = TimeSpan.FromSeconds(4);
        Assert.Contains("DepartedRetention", Assert.Single(Validate().Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void RouteLease_IsShorterThanAnEmptyOwnerStays(int seconds, bool isValid)
    {
        _options.RouteLease = TimeSpan.FromSeconds(seconds);
        Assert.Equal(isValid, Validate().Succeeded);
        if (!isValid) Assert.Contains("RouteLease", Assert.Single(Validate().Failures!), StringComparison.Ordinal);
    }

    private Microsoft.Extensions.Options.ValidateOptionsResult Validate() => new RoomsGrainOptionsValidator().Validate(null, _options);
}
