using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.AdapterClient.Tests.Nodes;

/// <summary>On a node that has not reached its cluster yet.</summary>
public sealed class JoinPatienceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _known = new();
    private readonly IHost _host;
    private readonly ClusterNode _node;
    private readonly MetricCollector<long> _degraded;

    public JoinPatienceTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.UseOrleansClient(client => client.UseLocalhostClustering().AddRooms());
        builder.Services.AddSocketIO().AddOrleansAdapter();
        _host = builder.Build();
        _node = _host.Services.GetRequiredService<ClusterNode>();
        _degraded = new MetricCollector<long>(
            _host.Services.GetRequiredService<IMeterFactory>(), OrleansAdapterMetrics.MeterName, "orleansrooms.adapter.joins.degraded");
    }

    [Fact]
    public async Task Known_EndsTheWait()
    {
        var waiting = _node.Joins.WaitAsync(_known.Task, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _known.SetResult();

        await waiting.WaitAsync(AdapterScene.Patience);
        Assert.Empty(_degraded.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task JoinTimeout_EndsTheWait_AndIsCounted()
    {
        var waiting = _node.Joins.WaitAsync(_known.Task, CancellationToken.None);
        var timeout = _host.Services.GetRequiredService<IOptions<OrleansAdapterOptions>>().Value.JoinTimeout;
        _time.Advance(timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await waiting.WaitAsync(AdapterScene.Patience);
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

        await waiting.WaitAsync(AdapterScene.Patience);
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
        await waiting.WaitAsync(AdapterScene.Patience);
        Assert.Empty(_degraded.GetMeasurementSnapshot());
    }

    public void Dispose()
    {
        _degraded.Dispose();
        _host.Dispose();
    }
}
