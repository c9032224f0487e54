namespace OrleansRooms.Messaging.Cluster;

/// <summary>How a node or an emitter stands with the cluster.</summary>
public enum ClusterState
{
    /// <summary>It has not yet registered since the process started.</summary>
    Starting,

    /// <summary>It is registered and the node directory answers.</summary>
    Connected,

    /// <summary>
    /// The cluster has not answered for as long as a lease lasts. Sockets of this process are served; what concerns other nodes waits.
    /// </summary>
    Degraded,

    /// <summary>It has left the cluster because the process stops.</summary>
    Left,
}
