namespace OrleansRooms.Contracts.Nodes;

/// <summary>
/// One run of one node: the id it was given or made up, and the epoch that the node directory assigned when it registered. A
/// restarted node keeps its id and gets a higher epoch, so what was said by or about its former run never applies to it.
/// </summary>
/// <param name="Id">The node's id, unique among the living nodes of a cluster key. Must not be empty.</param>
/// <param name="Epoch">Grows with every registration of the same id.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.node-identity")]
public readonly record struct NodeIdentity([property: Id(0)] string Id, [property: Id(1)] long Epoch)
{
    /// <summary>The form used in stream ids and logs: <c>id@epoch</c>.</summary>
    public override string ToString() => $"{Id}@{Epoch}";
}
