using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>The parts of the packet stream provider in a silo.</summary>
internal sealed class PacketStreamFactory(string name, IGrainFactory grains, PacketSlots slots, ILocalPacketStreams local)
    : IQueueAdapterFactory, IQueueAdapterCache
{
    public Task<IQueueAdapter> CreateAdapter() =>
        Task.FromResult<IQueueAdapter>(new PacketQueueAdapter(name, grains, local, slots.SlotOf));

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => slots;

    public IQueueCache CreateQueueCache(QueueId queueId) => new PacketStreamCache(slots.SlotOf(queueId));

    // A delivery that fails says nothing of the subscription; publishers send again what was lost with it.
    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());
}
