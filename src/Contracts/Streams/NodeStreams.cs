using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Streams;

/// <summary>The names of the packet streams: one per run of a node at a time, written by publishers and by room owners, read only by that node.</summary>
public static class NodeStreams
{
    /// <summary>The name of the stream provider that <c>AddRooms</c> registers.</summary>
    public const string ProviderName = "Rooms";

    /// <summary>The first part of every packet stream's id.</summary>
    public const string StreamNamespace = "rooms.packets";

    /// <summary>
    /// The addresses of the runs that have not departed, after a new view. What the directory does not know (again) yet stays as it was: only
    /// the node itself changes its address.
    /// </summary>
    internal static Dictionary<NodeIdentity, PacketStreamAddress> Merge(
        DirectoryView view, Dictionary<NodeIdentity, PacketStreamAddress>? former)
    {
        var addresses = former is null ? [] : new Dictionary<NodeIdentity, PacketStreamAddress>(former);
        foreach (var address in view.Streams)
        {
            if (!addresses.TryGetValue(address.Node, out var known) || known.Number < address.Number)
            {
                addresses[address.Node] = address;
            }
        }

        foreach (var departed in view.Departed)
        {
            addresses.Remove(departed);
        }

        return addresses;
    }
}
