using Orleans.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>The parts of the packet stream provider in a client, which only sends: the queues are read in silos.</summary>
internal sealed class PacketSenderFactory(string name, IGrainFactory grains) : IQueueAdapterFactory
{
    public Task<IQueueAdapter> CreateAdapter() =>
        Task.FromResult<IQueueAdapter>(new PacketQueueAdapter(name, grains, local: null, receivers: null));

    public IQueueAdapterCache GetQueueAdapterCache() => throw NoQueues();

    public IStreamQueueMapper GetStreamQueueMapper() => throw NoQueues();

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => throw NoQueues();

    private static NotSupportedException NoQueues() => new("Clients have no queues of packet streams; silos have.");
}
