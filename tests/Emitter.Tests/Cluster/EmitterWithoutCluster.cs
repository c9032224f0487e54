using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Emitter.Broadcasting;
using OrleansRooms.Emitter.Cluster;
using OrleansRooms.Messaging;

namespace OrleansRooms.Emitter.Tests.Cluster;

/// <summary>An emitter that never reaches a cluster: nothing that it is asked to do may need one to return.</summary>
internal sealed class EmitterWithoutCluster : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly MetricCollector<long> _dropped;

    public EmitterWithoutCluster(Action<SocketIOEmitterOptions>? configure = null)
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddFakeLogging()).BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _dropped = new MetricCollector<long>(meters, MessagingMetrics.MeterName, "orleansrooms.messaging.envelopes.dropped");
        var options = new SocketIOEmitterOptions();
        configure?.Invoke(options);
        Cluster = new EmitterCluster(
            AbsentCluster.Client(), Options.Create(options), new MessagingMetrics(meters), Time,
            _services.GetRequiredService<ILoggerFactory>());
        Emitter = new EmitterNamespace(Cluster, "/");
    }

    public FakeTimeProvider Time { get; } = new();

    public EmitterCluster Cluster { get; }

    public ISocketIOEmitter Emitter { get; }

    public long Dropped(string reason) =>
        _dropped.GetMeasurementSnapshot().Where(measurement => Equals(measurement.Tags["reason"], reason))
            .Sum(measurement => measurement.Value);

    public int Warnings => _services.GetFakeLogCollector().GetSnapshot().Count(record => record.Level >= LogLevel.Warning);

    public void Dispose()
    {
        Cluster.Dispose();
        _services.Dispose();
    }
}
