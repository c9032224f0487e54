using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Messaging.Tests.Cluster;

public sealed class ClusterHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _logger = new();
    private readonly ClusterHealth _health;

    public ClusterHealthTests() => _health = new ClusterHealth("n", _time, _logger);

    [Fact]
    public void State_FailuresForALease_TurnsDegradedAndBack()
    {
        Assert.Equal(ClusterState.Starting, _health.State);
        _health.Registered(TimeSpan.FromSeconds(2));
        Assert.Equal(ClusterState.Connected, _health.State);

        _health.DirectoryFailed(new TimeoutException());
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(ClusterState.Connected, _health.State);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ClusterState.Degraded, _health.State);

        _health.Succeeded();
        Assert.Equal(ClusterState.Connected, _health.State);
    }

    [Fact]
    public void State_FailuresElsewhereThanTheDirectory_StaysConnected()
    {
        _health.Registered(TimeSpan.FromSeconds(2));
        _health.Failed(new TimeoutException());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ClusterState.Connected, _health.State);
    }

    [Fact]
    public void State_NeverReached_TurnsDegradedToo()
    {
        _health.DirectoryFailed(new TimeoutException());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ClusterState.Degraded, _health.State);
    }

    [Fact]
    public void State_AfterLeaving_IsLeftWhateverComes()
    {
        _health.Registered(TimeSpan.FromSeconds(2));
        _health.Left();
        _health.DirectoryFailed(new TimeoutException());
        _health.Succeeded();
        Assert.Equal(ClusterState.Left, _health.State);
        Assert.Empty(_logger.Collector.GetSnapshot());
    }

    [Fact]
    public void Log_ManyFailuresOfOneEpisode_SaysItOnceAndWhenItIsOver()
    {
        _health.Registered(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 10; i++)
        {
            _health.Failed(new TimeoutException());
            // The directory may well answer while some room's owner does not.
            _time.Advance(TimeSpan.FromSeconds(1));
            _health.Succeeded();
        }

        Assert.Equal(["ClusterDoesNotAnswer"], Events());
        Assert.NotNull(_health.LastFailure);
        _time.Advance(TimeSpan.FromSeconds(3));
        _health.Succeeded();
        _health.Succeeded();
        Assert.Equal(["ClusterDoesNotAnswer", "ClusterIsBack"], Events());
        Assert.Null(_health.LastFailure);

        _health.Failed(new TimeoutException());
        Assert.Equal(["ClusterDoesNotAnswer", "ClusterIsBack", "ClusterDoesNotAnswer"], Events());
    }

    private IEnumerable<string?> Events() => _logger.Collector.GetSnapshot().Select(record => record.Id.Name);
}
