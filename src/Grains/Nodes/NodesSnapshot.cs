using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Nodes;

/// <summary>A view of the directory, to look things up in.</summary>
/// <param name="view">The view.</param>
/// <param name="former">The snapshot before it, whose streams are kept until there are newer ones.</param>
internal sealed class NodesSnapshot(DirectoryView view, NodesSnapshot? former)
{
    public static NodesSnapshot Empty { get; } = new(new DirectoryView(default, [], [], Generation: 0, Settled: -1), former: null);

    public DirectoryVersion Version { get; } = view.Version;

    public long Generation { get; } = view.Generation;

    public long Settled { get; } = view.Settled;

    public HashSet<NodeIdentity> Living { get; } = [.. view.Living];

    public HashSet<NodeIdentity> Departed { get; } = [.. view.Departed];

    public Dictionary<NodeIdentity, PacketStreamAddress> Streams { get; } = MergeStreams(view, former?.Streams);

    public bool IsNewerThan(DirectoryVersion version) => Version.Activation == version.Activation && Version.Change > version.Change;

    public bool Covers(DirectoryVersion version) =>
        Version.Activation == version.Activation ? Version.Change >= version.Change : Version.Activation > version.Activation;

    /// <summary>
    /// The addresses of the runs that have not departed, after a new view. What the directory does not know (again) yet stays as it was:
    /// only the node itself changes its address.
    /// </summary>
    private static Dictionary<NodeIdentity, PacketStreamAddress> MergeStreams(
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
