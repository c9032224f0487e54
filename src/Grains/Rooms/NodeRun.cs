using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>What an owner knows of one run of one node, apart from its sockets.</summary>
internal sealed class NodeRun(NodeIdentity identity)
{
    public NodeIdentity Identity { get; } = identity;

    /// <summary>The version up to which the node's changes are applied.</summary>
    public long Version { get; set; }

    /// <summary>
    /// The digest of the node's memberships here. Kept, because to walk all rooms for it takes too long where there are very many.
    /// </summary>
    public MembershipDigest Digest { get; set; }

    /// <summary>The parts of a snapshot that have come so far, if it comes in parts.</summary>
    public SnapshotParts? Parts { get; set; }

    /// <summary>Whether the node wants to hear the sizes of its rooms.</summary>
    public bool WatchesSizes { get; set; }
}
