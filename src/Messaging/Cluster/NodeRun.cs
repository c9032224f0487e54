using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>One registration of this process with the node directory.</summary>
/// <param name="identity">The identity that the directory gave it.</param>
internal sealed class NodeRun(NodeIdentity identity)
{
    private long _version;

    public NodeIdentity Identity { get; } = identity;

    /// <summary>
    /// The next version of what this run says to anyone. One count for all grains, so that it grows for each of them even after this node
    /// has forgotten what it last said to it.
    /// </summary>
    public long NextVersion() => Interlocked.Increment(ref _version);
}
