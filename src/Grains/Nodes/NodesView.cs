using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// What one silo knows of the nodes of one cluster key, and which of its grains have to hear of which of them. Asks nobody. Thread-safe.
/// </summary>
internal sealed class NodesView
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeIdentity, HashSet<INodeDependent>> _dependents = [];
    private long _awaitedGeneration;
    private volatile NodesSnapshot _now = NodesSnapshot.Empty;

    /// <summary>What the directory said last.</summary>
    public NodesSnapshot Now => _now;

    /// <summary>Whether anybody has to hear what the directory will say: of a departure, or that a generation is settled.</summary>
    public bool IsNewsAwaited
    {
        get
        {
            lock (_gate)
            {
                return _dependents.Count > 0 || _now.Settled < _awaitedGeneration;
            }
        }
    }

    /// <summary>Somebody has to hear when a generation is settled.</summary>
    public void Await(long generation)
    {
        lock (_gate)
        {
            _awaitedGeneration = Math.Max(_awaitedGeneration, generation);
        }
    }

    /// <summary>
    /// Lets a dependent hear of a node's departure, once, unless it has happened already.
    /// </summary>
    /// <returns><see langword="false"/> when the node has departed.</returns>
    public bool TryDepend(INodeDependent dependent, NodeIdentity node)
    {
        lock (_gate)
        {
            if (_now.Departed.Contains(node))
            {
                return false;
            }

            if (!_dependents.TryGetValue(node, out var dependents))
            {
                dependents = [];
                _dependents.Add(node, dependents);
            }

            dependents.Add(dependent);
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryDepend"/> started; unknown pairs are ignored.</summary>
    public void Release(INodeDependent dependent, List<NodeIdentity> nodes)
    {
        lock (_gate)
        {
            foreach (var node in nodes)
            {
                if (_dependents.TryGetValue(node, out var dependents) && dependents.Remove(dependent) && dependents.Count == 0)
                {
                    _dependents.Remove(node);
                }
            }
        }
    }

    /// <summary>The nodes that grains here depend on, but of which the directory says nothing.</summary>
    public ImmutableArray<NodeIdentity> NodesInDoubt()
    {
        lock (_gate)
        {
            var inDoubt = ImmutableArray.CreateBuilder<NodeIdentity>();
            foreach (var node in _dependents.Keys)
            {
                if (!_now.Living.Contains(node))
                {
                    inDoubt.Add(node);
                }
            }

            return inDoubt.DrainToImmutable();
        }
    }

    /// <summary>Takes what the directory says, unless something newer has been taken.</summary>
    /// <param name="view">What it says.</param>
    /// <param name="affected">The nodes that have departed, with those who have to hear of it and are forgotten here.</param>
    public bool TryAccept(DirectoryView view, out List<(NodeIdentity Node, HashSet<INodeDependent> Dependents)> affected)
    {
        affected = [];
        lock (_gate)
        {
            if (_now.IsNewerThan(view.Version))
            {
                return false;
            }

            _now = new NodesSnapshot(view, _now);
            foreach (var node in view.Departed)
            {
                if (_dependents.Remove(node, out var dependents))
                {
                    affected.Add((node, dependents));
                }
            }

            return true;
        }
    }
}
