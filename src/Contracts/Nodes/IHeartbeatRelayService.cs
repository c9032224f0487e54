using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Services;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Contracts.Nodes;

/// <summary>
/// Hands heartbeats to the node directory, from a silo that the node chooses. Clients send all that is for one grain through one silo, and
/// Orleans may have to ask another where the grain is; when one of those falls silent, this service of a third is reached all the same, at
/// an address made of its own.
/// </summary>
[Alias("rooms.IHeartbeatRelayService")]
internal interface IHeartbeatRelayService : IGrainService
{
    /// <inheritdoc cref="INodeDirectoryGrain.HeartbeatAsync"/>
    [Alias("Heartbeat")]
    [ResponseTimeout("00:00:10")]
    ValueTask<HeartbeatReply> HeartbeatAsync(
        string clusterKey, NodeIdentity node, DirectoryVersion knownVersion, long confirmedGeneration, PacketStreamAddress? stream);
}

/// <summary>Makes the addresses of <see cref="IHeartbeatRelayService"/>.</summary>
internal static class HeartbeatRelayServices
{
    /// <summary>The type in the service's grain id.</summary>
    public static readonly GrainType GrainType = SystemTargetGrainId.CreateGrainType("rooms.heartbeat-relay");

    /// <summary>The service of a silo, for a client that knows the silo's gateway: calls go straight there.</summary>
    public static IHeartbeatRelayService BehindGateway(IGrainFactory grains, SiloAddress gateway) =>
        grains.GetGrain<IHeartbeatRelayService>(SystemTargetGrainId.Create(GrainType, gateway).GrainId);
}
