using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Rooms;

/// <summary>What the owners of rooms need of its silo.</summary>
internal sealed record RoomShardServices(
    LivingNodes LivingNodes,
    LocalRoomShards Shards,
    INoticeSender NoticeSender,
    IGrainRuntime Runtime,
    RoomsGrainMetrics Metrics,
    TimeProvider Time,
    IOptions<RoomsGrainOptions> Options)
{
    /// <summary>What owners of this silo answer when there is nothing to add.</summary>
    public MembershipReply Applied { get; } = new(MembershipOutcome.Applied) { Silo = Shards.SiloNumber };

    /// <inheritdoc cref="Applied"/>
    public MembershipReply SnapshotNeeded { get; } = new(MembershipOutcome.SnapshotNeeded) { Silo = Shards.SiloNumber };

    /// <inheritdoc cref="Applied"/>
    public MembershipReply Fenced { get; } = new(MembershipOutcome.Fenced) { Silo = Shards.SiloNumber };
}
