using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Nodes;

/// <summary>Holds something on behalf of nodes, and drops it when they depart.</summary>
internal interface INodeDependent
{
    /// <summary>Called from any thread; must only queue the work.</summary>
    void OnDeparted(NodeIdentity node);
}
