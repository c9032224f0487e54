namespace OrleansRooms.AdapterClient.Tests;

public sealed class OrleansAdapterOptionsTests
{
    private readonly OrleansAdapterOptionsValidator _validator = new();

    [Fact]
    public void Defaults_AreValid() => Assert.True(_validator.Validate(null, new OrleansAdapterOptions()).Succeeded);

    [Fact]
    public void BadValues_AreAllNamedWithWhatToDo()
    {
        var result = _validator.Validate(null, new OrleansAdapterOptions
        {
            ClusterKey = "",
            NodeId = "",
            HeartbeatInterval = TimeSpan.Zero,
            CallTimeout = TimeSpan.FromSeconds(-1),
            JoinTimeout = TimeSpan.MaxValue,
            MaxQueuedMessages = 0,
        });

        Assert.Equal(6, result.Failures!.Count());
        Assert.Contains(result.Failures!, failure => failure.Contains("ClusterKey", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, failure => failure.Contains("NodeId", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, failure => failure.Contains("HeartbeatInterval", StringComparison.Ordinal) && failure.Contains("more than zero", StringComparison.Ordinal));
    }
}
