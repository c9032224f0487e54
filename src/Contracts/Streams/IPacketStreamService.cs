using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Services;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// The packet streams whose home is one silo. Every silo has this service, at an address made of its own: no directory is asked on the
/// way, and a silo's death takes nothing with it but its own streams.
/// </summary>
[Alias("rooms.IPacketStreamService")]
internal interface IPacketStreamService : IGrainService
{
    /// <summary>Puts a batch into the queue of a stream.</summary>
    [Alias("Send")]
    [ResponseTimeout("00:00:10")]
    ValueTask<PacketStreamOutcome> SendAsync(StreamId stream, EnvelopeBatch batch);

    /// <summary>
    /// The same without an answer, which is half the cost: a batch that is refused or lost on the way is missed by the link, if it is
    /// numbered, or by nobody.
    /// </summary>
    [Alias("Post")]
    [OneWay]
    ValueTask PostAsync(StreamId stream, EnvelopeBatch batch);

    /// <summary>Closes a stream.</summary>
    [Alias("Close")]
    [ResponseTimeout("00:00:10")]
    ValueTask CloseAsync(StreamId stream);
}

/// <summary>Makes the addresses of <see cref="IPacketStreamService"/>.</summary>
internal static class PacketStreamServices
{
    /// <summary>The type in the service's grain id.</summary>
    public static readonly GrainType GrainType = SystemTargetGrainId.CreateGrainType("rooms.packet-streams");

    /// <summary>The service of a silo.</summary>
    public static IPacketStreamService Of(IGrainFactory grains, SiloAddress silo) =>
        grains.GetGrain<IPacketStreamService>(SystemTargetGrainId.Create(GrainType, silo).GrainId);
}
