using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Rooms;

/// <summary>What the owners of rooms need of its silo.</summary>
internal sealed record RoomShardServices(
    LivingNodes LivingNodes, INoticeSender NoticeSender, IGrainRuntime Runtime, RoomsGrainMetrics Metrics, TimeProvider Time, IOptions<RoomsGrainOptions> Options);
