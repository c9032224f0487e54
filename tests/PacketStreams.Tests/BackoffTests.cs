namespace OrleansRooms.PacketStreams.Tests;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 100)]
    [InlineData(6, 1_600)]
    [InlineData(7, 2_000)]
    [InlineData(int.MaxValue, 2_000)]
    public void After_DoublesUpToTwoSeconds(int failures, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.After(failures));

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(4, 1_600)]
    [InlineData(5, 2_000)]
    [InlineData(int.MaxValue, 2_000)]
    public void Next_OfOrleansCountsFromZero(int attempt, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), new Backoff().Next(attempt));
}
