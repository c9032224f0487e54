using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Rooms;

/// <summary>What an owner knows of one run of one node, apart from its sockets.</summary>
internal sealed class NodeRun(NodeIdentity identity)
{
    public NodeIdentity Identity { get; } = identity;

    /// <summary>The version up to which the node's changes are applied.</summary>
    public long Version { get; set; }

    /// <summary>Whether the node wants to hear the sizes of its rooms.</summary>
    public bool WatchesSizes { get; set; }
}
