using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Providers;
using Orleans.Services;
using Orleans.Streams;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Hosting;

/// <summary>Registers the stream provider that carries packets with silos.</summary>
internal static class PacketStreamProvider
{
    // Agents wait for data and not for this timer. It starts an agent again that had to stop reading: while a new stream is registered.
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMilliseconds(50);

    // A delivery that failed is tried again for so long, while what comes behind it waits. A node that takes longer has moved to another
    // stream.
    private static readonly TimeSpan MaxDeliveryTime = TimeSpan.FromSeconds(10);

    // Nodes probe their streams all the time; one that is silent for longer is not used any more.
    private static readonly TimeSpan Inactivity = TimeSpan.FromMinutes(5);

    /// <remarks>Subscriptions need a grain storage of the name PubSubStore besides.</remarks>
    public static void AddTo(ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddPacketStreams();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PacketSlots>();
        services.AddSingleton<PacketStreamMetrics>();
        services.AddSingleton<LocalPacketStreams>();
        services.AddSingleton<ILocalPacketStreams>(provider => provider.GetRequiredService<LocalPacketStreams>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<LocalPacketStreams>());
        services.AddSingleton<IGrainService>(CreateService);
        silo.AddPersistentStreams(NodeStreams.ProviderName, CreateFactory, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
            streams.ConfigurePartitionBalancing((provider, _) => provider.GetRequiredService<PacketSlots>());
            streams.ConfigureBackoffProvider((_, _) => (IMessageDeliveryBackoffProvider)new Backoff());
            streams.ConfigureBackoffProvider((_, _) => (IQueueReaderBackoffProvider)new Backoff());
            streams.ConfigurePullingAgent(agent => agent.Configure(options =>
            {
                options.GetQueueMsgsTimerPeriod = ReadAgainAfter;
                options.MaxEventDeliveryTime = MaxDeliveryTime;
                options.StreamInactivityPeriod = Inactivity;
            }));
        });
    }

    private static PacketStreamFactory CreateFactory(IServiceProvider services, string name) => new(
        name,
        services.GetRequiredService<IGrainFactory>(),
        services.GetRequiredService<PacketSlots>(),
        services.GetRequiredService<ILocalPacketStreams>());

    // Not by AddGrainService, which keeps to itself at which address clients can reach it.
    private static PacketStreamService CreateService(IServiceProvider services)
    {
        var silo = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return new PacketStreamService(
            SystemTargetGrainId.Create(PacketStreamServices.GrainType, silo).GrainId,
            services.GetRequiredService<Silo>(),
            services.GetRequiredService<ILocalPacketStreams>(),
            services.GetRequiredService<ILoggerFactory>());
    }
}
