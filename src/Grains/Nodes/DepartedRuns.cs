using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// The runs that departed, oldest first, and the newest of each node; of those that are no longer listed, how high their epochs were. Not
/// thread-safe.
/// </summary>
internal sealed class DepartedRuns(TimeProvider time, int max)
{
    private readonly Queue<(NodeIdentity Node, long At)> _runs = new();
    private readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);
    private long _forgottenEpoch;

    /// <summary>No run of a node with an epoch up to this one may live.</summary>
    public long EpochOf(string nodeId) => Math.Max(_forgottenEpoch, _newest.GetValueOrDefault(nodeId));

    public bool Contains(NodeIdentity node)
    {
        foreach (var (departed, _) in _runs)
        {
            if (departed == node)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(NodeIdentity node)
    {
        _runs.Enqueue((node, time.GetTimestamp()));
        _newest[node.Id] = Math.Max(_newest.GetValueOrDefault(node.Id, node.Epoch), node.Epoch);
        while (_runs.Count > max)
        {
            ForgetOldest();
        }
    }

    /// <summary>Lists those no longer that departed so long ago.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Forget(TimeSpan retention, long now)
    {
        var before = _runs.Count;
        while (_runs.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) >= retention)
        {
            ForgetOldest();
        }

        return _runs.Count != before;
    }

    public ImmutableArray<NodeIdentity> ToImmutableArray()
    {
        var departed = ImmutableArray.CreateBuilder<NodeIdentity>(_runs.Count);
        foreach (var (node, _) in _runs)
        {
            departed.Add(node);
        }

        return departed.MoveToImmutable();
    }

    private void ForgetOldest()
    {
        var node = _runs.Dequeue().Node;
        _forgottenEpoch = Math.Max(_forgottenEpoch, node.Epoch);
        if (_newest.TryGetValue(node.Id, out var newest) && newest == node.Epoch)
        {
            _newest.Remove(node.Id);
        }
    }
}
