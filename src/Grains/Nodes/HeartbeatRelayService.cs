using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Nodes;

/// <summary>Hands heartbeats on from this silo.</summary>
internal sealed class HeartbeatRelayService(GrainId id, Silo silo, IGrainFactory grains, ILoggerFactory loggers)
    : GrainService(id, silo, loggers), IHeartbeatRelayService
{
    // Not by AddGrainService: see PacketStreamProvider.
    public static HeartbeatRelayService Create(IServiceProvider services) => new(
        SystemTargetGrainId.Create(HeartbeatRelayServices.GrainType, services.GetRequiredService<ILocalSiloDetails>().SiloAddress).GrainId,
        services.GetRequiredService<Silo>(),
        services.GetRequiredService<IGrainFactory>(),
        services.GetRequiredService<ILoggerFactory>());

    public ValueTask<HeartbeatReply> HeartbeatAsync(
        string clusterKey, NodeIdentity node, DirectoryVersion knownVersion, long confirmedGeneration, PacketStreamAddress? stream) =>
        grains.GetGrain<INodeDirectoryGrain>(clusterKey).HeartbeatAsync(node, knownVersion, confirmedGeneration, stream);
}
