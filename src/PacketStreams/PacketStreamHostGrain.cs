using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>Opens streams in the silo where a call arrives.</summary>
[StatelessWorker(1)]
[GrainType("rooms.packet-stream-host")]
internal sealed class PacketStreamHostGrain(IGrainContext context, ILocalPacketStreams streams) : IGrainBase, IPacketStreamHostGrain
{
    public IGrainContext GrainContext { get; } = context;

    public ValueTask<PacketStreamAddress?> OpenAsync(string clusterKey, NodeIdentity node, long number)
    {
        ArgumentException.ThrowIfNullOrEmpty(node.Id);
        var address = new PacketStreamAddress(node, number, streams.Silo.ToParsableString());
        return new ValueTask<PacketStreamAddress?>(streams.TryOpen(address.ToStreamId(clusterKey)) ? address : null);
    }
}
