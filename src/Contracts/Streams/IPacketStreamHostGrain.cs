using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// Opens packet streams for nodes that are clients of silos. There is one in each silo, and a call with any key reaches one in a silo
/// that works: that one becomes the stream's home.
/// </summary>
[Alias("rooms.IPacketStreamHostGrain")]
internal interface IPacketStreamHostGrain : IGrainWithIntegerKey
{
    /// <summary>Opens a stream in this silo.</summary>
    /// <returns>Its address, or <see langword="null"/> when the silo has as many streams as it may.</returns>
    [Alias("Open")]
    [ResponseTimeout("00:00:10")]
    ValueTask<PacketStreamAddress?> OpenAsync(string clusterKey, NodeIdentity node, long number);
}
