using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansRooms.PacketStreams.Hosting;

namespace OrleansRooms.PacketStreams.Tests;

/// <summary>An in-process cluster whose silos carry packets and nothing else, and an external client.</summary>
internal sealed class StreamsCluster : IAsyncDisposable
{
    public const string Key = "test";
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly InProcessTestCluster _cluster;

    private StreamsCluster(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>The streams as a client of the silos sees them.</summary>
    public IPacketStreams OfClient => _cluster.Client.ServiceProvider.GetRequiredService<IPacketStreams>();

    /// <summary>The streams as a node inside a silo sees them.</summary>
    public IPacketStreams OfSilo(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<IPacketStreams>();

    /// <summary>The silo, as addresses of streams name it.</summary>
    public string HomeOf(int silo) => _cluster.Silos[silo].SiloAddress.ToParsableString();

    public static async Task<StreamsCluster> StartAsync(short silos, Action<PacketStreamOptions>? configure = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) => PacketStreamProvider.AddTo(silo.AddMemoryGrainStorage("PubSubStore")));
        builder.ConfigureSilo((_, silo) => silo.Configure<PacketStreamOptions>(options => configure?.Invoke(options)));
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureClient(client => client.AddRooms());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new StreamsCluster(cluster);
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
