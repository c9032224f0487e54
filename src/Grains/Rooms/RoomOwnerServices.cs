using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Rooms;

/// <summary>What every owner of rooms needs of its silo.</summary>
internal sealed record RoomOwnerServices(
    LivingNodes LivingNodes, INoticeSender NoticeSender, IGrainRuntime Runtime, RoomsGrainMetrics Metrics, TimeProvider Time, IOptions<RoomsGrainOptions> Options);
