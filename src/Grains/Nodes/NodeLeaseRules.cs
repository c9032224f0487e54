namespace OrleansRooms.Grains.Nodes;

/// <summary>The periods that <see cref="NodeLeases"/> goes by.</summary>
/// <param name="Lease">How long a node lives without a heartbeat.</param>
/// <param name="DepartedRetention">How long a departed run is listed.</param>
/// <param name="MaxDeparted">How many departed runs are listed at most; the oldest go first.</param>
/// <param name="ListenTime">How long a directory that knows nothing listens before it takes the nodes that it has heard of for all there
/// are.</param>
internal readonly record struct NodeLeaseRules(TimeSpan Lease, TimeSpan DepartedRetention, int MaxDeparted, TimeSpan ListenTime);
