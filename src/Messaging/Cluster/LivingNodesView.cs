using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>What this process knows of the nodes: the directory's last view. Thread-safe.</summary>
internal sealed class LivingNodesView
{
    private readonly Lock _lock = new();
    private volatile Snapshot _snapshot = new(new DirectoryView(default, [], [], Generation: 0, Settled: 0), []);

    public DirectoryVersion Version => _snapshot.View.Version;

    /// <summary>The generation in force, as far as is known.</summary>
    public long Generation => _snapshot.View.Generation;

    /// <summary>Every run that may live: while a new directory still listens, also those of which only a former one knew.</summary>
    public ImmutableArray<NodeIdentity> Everyone => _snapshot.Everyone;

    /// <summary>Whether a run is dead for certain.</summary>
    public bool IsDeparted(NodeIdentity node) => _snapshot.Departed.Contains(node);

    /// <summary>
    /// Whether a run was alive by the last view. One that is not may be of a node that the directory does not know yet, or of an emitter.
    /// </summary>
    public bool IsLiving(NodeIdentity node) => _snapshot.Living.Contains(node);

    /// <summary>Takes a view, unless it is older than the last.</summary>
    /// <param name="view">The view.</param>
    /// <param name="isOtherDirectory">Whether it comes from another activation of the directory than the last.</param>
    /// <returns>The runs that have departed since the last view.</returns>
    public List<NodeIdentity> Accept(DirectoryView view, out bool isOtherDirectory)
    {
        var departed = new List<NodeIdentity>();
        lock (_lock)
        {
            var former = _snapshot;
            var known = former.View.Version;
            isOtherDirectory = known.Activation != 0 && known.Activation != view.Version.Activation;
            if (!isOtherDirectory && view.Version.Change < known.Change)
            {
                // Two answers crossed.
                return departed;
            }

            foreach (var node in view.Departed)
            {
                if (!former.Departed.Contains(node))
                {
                    departed.Add(node);
                }
            }

            _snapshot = new Snapshot(view, UniteEveryone(view));
        }

        return departed;
    }

    /// <summary>Every run that may live according to a view and to what is known here; the view is not taken.</summary>
    public ImmutableArray<NodeIdentity> UniteEveryone(DirectoryView view)
    {
        if (view.Settled > 0)
        {
            return view.Living;
        }

        HashSet<NodeIdentity> everyone = [.. view.Living, .. Everyone];
        everyone.ExceptWith(view.Departed);
        return [.. everyone];
    }

    private sealed class Snapshot(DirectoryView view, ImmutableArray<NodeIdentity> everyone)
    {
        public DirectoryView View { get; } = view;

        public HashSet<NodeIdentity> Living { get; } = [.. view.Living];

        public ImmutableArray<NodeIdentity> Everyone { get; } = everyone;

        public HashSet<NodeIdentity> Departed { get; } = [.. view.Departed];
    }
}
