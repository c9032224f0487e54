namespace OrleansRooms.AdapterClient.Nodes;

/// <summary>How a node stands with the cluster.</summary>
public enum ClusterNodeState
{
    /// <summary>It has not yet registered since the process started.</summary>
    Starting,

    /// <summary>It is registered and its heartbeats are answered.</summary>
    Connected,

    /// <summary>
    /// The cluster has not answered for as long as a lease lasts. Sockets of this node are served; what concerns other nodes waits.
    /// </summary>
    Degraded,

    /// <summary>It has left the cluster because the process stops.</summary>
    Left,
}

/// <summary>This process as a node of the cluster.</summary>
public interface IClusterNode
{
    /// <summary>The node's id, by which logs, metrics and results name it.</summary>
    string NodeId { get; }

    /// <summary>How the node stands with the cluster now.</summary>
    ClusterNodeState State { get; }

    /// <summary>What went wrong last, while <see cref="State"/> is not <see cref="ClusterNodeState.Connected"/>.</summary>
    Exception? LastFailure { get; }
}
