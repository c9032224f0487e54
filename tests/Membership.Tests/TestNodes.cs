using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.Grains.Tests;
using OrleansRooms.Messaging;

namespace OrleansRooms.Membership.Tests;

/// <summary>What nodes of one process share, and the nodes: made of their parts, without a server.</summary>
internal sealed class TestNodes : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddLogging().BuildServiceProvider();
    private readonly NodeMetrics _metrics;
    private readonly MessagingMetrics _messagingMetrics;

    public TestNodes()
    {
        _metrics = new NodeMetrics(Meters);
        _messagingMetrics = new MessagingMetrics(Meters);
    }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public ClusterNode Create(string id, IClusterClient client, TimeProvider time)
    {
        var messaging = new MessagingOptions
        {
            ClusterKey = RoomsCluster.Key,
            CallTimeout = TimeSpan.FromSeconds(3),
            JoinTimeout = TimeSpan.FromSeconds(5),
            IsListed = true,
            MaxPendingRequests = 100,
            MaxMessageBytes = 1024 * 1024,
            MaxAnswerBytes = 1024 * 1024,
            MaxQueuedMessages = 100,
            MaxQueuedBytes = 1024 * 1024,
            MaxReceivedBytes = 1024 * 1024,
        };
        var options = new NodeOptions
        {
            Messaging = messaging,
            NodeId = id,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            VerifyInterval = TimeSpan.FromSeconds(1),
            ShutdownTimeout = TimeSpan.FromSeconds(2),
            MaxConcurrentAnnouncements = 64,
        };
        return new ClusterNode(client, options, _metrics, _messagingMetrics, time, _services.GetRequiredService<ILoggerFactory>());
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _messagingMetrics.Dispose();
        _services.Dispose();
    }
}
