using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// The stream provider that carries packets, for silos and for clients: the only place that knows which one it is. At present Orleans' memory
/// streams, whose events live in grains and are lost with their silo.
/// </summary>
internal static class PacketStreamProvider
{
    // Every queue is polled by one silo whether there are events or not. All silos and clients must agree on the number.
    private const int Queues = 4;

    // An event waits half of this on average, and an idle queue is asked this often; below the timers' resolution nothing is won.
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);

    // Delivered events stay in the cache for at least this long; by default 5 minutes, which under load is a gigabyte of packets.
    private static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(5);

    // A node that takes longer to accept a batch has lost it, as others wait behind it. By default a minute.
    private static readonly TimeSpan MaxDeliveryTime = TimeSpan.FromSeconds(10);

    // How many events one poll fetches; by default 4096 as well, but written down as the bound of one turn.
    private const int MaxEventsPerPoll = 4096;

    public static void AddTo(ISiloBuilder silo) => silo.AddMemoryStreams(NodeStreams.ProviderName, streams =>
    {
        streams.ConfigurePartitioning(Queues);
        streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
        streams.ConfigurePullingAgent(agent => agent.Configure(options =>
        {
            options.GetQueueMsgsTimerPeriod = PollPeriod;
            options.MaxEventDeliveryTime = MaxDeliveryTime;
        }));
        streams.ConfigureCacheEviction(cache => cache.Configure(options =>
        {
            options.DataMinTimeInCache = CacheTime;
            options.DataMaxAgeInCache = CacheTime * 6;
        }));
        streams.ConfigureCache(cache => cache.Configure(options => options.MaxAddCount = MaxEventsPerPoll));
    });

    public static void AddTo(IClientBuilder client) => client.AddMemoryStreams(NodeStreams.ProviderName, streams =>
    {
        streams.ConfigurePartitioning(Queues);
        streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
    });
}
