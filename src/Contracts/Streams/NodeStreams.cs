namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// The names of the packet streams: one per run of a node at a time, written by publishers and by room owners, read only by that node.
/// </summary>
public static class NodeStreams
{
    /// <summary>The name of the stream provider that <c>AddRooms</c> registers.</summary>
    public const string ProviderName = "Rooms";

    /// <summary>The first part of every packet stream's id.</summary>
    public const string StreamNamespace = "rooms.packets";
}
