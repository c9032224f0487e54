using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Puts notices on a node's packet stream.</summary>
internal interface INoticeSender
{
    /// <summary>Sends, and never throws.</summary>
    /// <returns>Whether the stream took the batch.</returns>
    Task<bool> TrySendAsync(string clusterKey, NodeIdentity node, EnvelopeBatch batch);
}
