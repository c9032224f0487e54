using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Emitter.Tests.Cluster;
using OrleansRooms.Grains.Tests;

namespace OrleansRooms.Membership.Tests;

/// <summary>On a node that has not reached its cluster yet.</summary>
public sealed class JoinPatienceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _known = new();
    private readonly TestNodes _nodes = new();
    private readonly ClusterNode _node;
    private readonly MetricCollector<long> _degraded;

    public JoinPatienceTests()
    {
        _node = _nodes.Create("n", AbsentCluster.Client(), _time);
        _degraded = new MetricCollector<long>(_nodes.Meters, NodeMetrics.MeterName, "orleansrooms.adapter.joins.degraded");
    }

    [Fact]
    public async Task Known_EndsTheWait()
    {
        var waiting = _node.Joins.WaitAsync(_known.Task, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _known.SetResult();

        await waiting.WaitAsync(RoomsCluster.Patience);
        Assert.Empty(_degraded.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task JoinTimeout_EndsTheWait_AndIsCounted()
    {
        var waiting = _node.Joins.WaitAsync(_known.Task, CancellationToken.None);
        var timeout = _node.Options.JoinTimeout;
        _time.Advance(timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await waiting.WaitAsync(RoomsCluster.Patience);
        Assert.Single(_degraded.GetMeasurementSnapshot());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeThatLeaves_EndsTheWait(bool canCancel)
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _node.Joins.WaitAsync(_known.Task, canCancel ? cancel.Token : CancellationToken.None);

        _node.Joins.Left();

        await waiting.WaitAsync(RoomsCluster.Patience);
        Assert.Single(_degraded.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task CallerWhoCancels_IsTold_AndOthersGoOnWaiting()
    {
        using var cancel = new CancellationTokenSource();
        var cancelled = _node.Joins.WaitAsync(_known.Task, cancel.Token);
        var waiting = _node.Joins.WaitAsync(_known.Task, CancellationToken.None);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.IsCompleted);
        _known.SetResult();
        await waiting.WaitAsync(RoomsCluster.Patience);
        Assert.Empty(_degraded.GetMeasurementSnapshot());
    }

    public void Dispose()
    {
        _degraded.Dispose();
        _node.Dispose();
        _nodes.Dispose();
    }
}
