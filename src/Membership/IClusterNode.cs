using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership;

/// <summary>This process as a node of the cluster.</summary>
public interface IClusterNode
{
    /// <summary>The node's id, by which logs, metrics and results name it.</summary>
    string NodeId { get; }

    /// <summary>How the node stands with the cluster now.</summary>
    ClusterState State { get; }

    /// <summary>What went wrong last, while <see cref="State"/> is not <see cref="ClusterState.Connected"/>.</summary>
    Exception? LastFailure { get; }
}
