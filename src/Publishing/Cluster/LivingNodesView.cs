using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Publishing.Cluster;

/// <summary>What this node knows of the others: the directory's last view. Thread-safe.</summary>
internal sealed class LivingNodesView
{
    private volatile Snapshot _snapshot = new(new DirectoryView(default, [], []));

    public DirectoryVersion Version => _snapshot.View.Version;

    /// <summary>Whether a run is dead for certain.</summary>
    public bool IsDeparted(NodeIdentity node) => _snapshot.Departed.Contains(node);

    /// <summary>Whether a run was alive by the last view. One that is not may be of a node that the directory does not know yet, or of an emitter.</summary>
    public bool IsLiving(NodeIdentity node) => _snapshot.Living.Contains(node);

    /// <summary>Takes a newer view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="isOtherDirectory">Whether it comes from another activation of the directory than the last.</param>
    /// <returns>The runs that have departed since the last view.</returns>
    public List<NodeIdentity> Accept(DirectoryView view, out bool isOtherDirectory)
    {
        var former = _snapshot;
        isOtherDirectory = former.View.Version.Activation != 0 && former.View.Version.Activation != view.Version.Activation;
        var departed = new List<NodeIdentity>();
        foreach (var node in view.Departed)
        {
            if (!former.Departed.Contains(node))
            {
                departed.Add(node);
            }
        }

        _snapshot = new Snapshot(view);
        return departed;
    }

    private sealed class Snapshot(DirectoryView view)
    {
        public DirectoryView View { get; } = view;

        public HashSet<NodeIdentity> Living { get; } = [.. view.Living];

        public HashSet<NodeIdentity> Departed { get; } = [.. view.Departed];
    }
}
