using System.Collections.Immutable;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Grains.Namespaces;

/// <summary>The rules of presence: which nodes have a namespace, by their own newest accounts.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NamespaceNodes
{
    private readonly Dictionary<string, NamespacePresence> _accounts = new(StringComparer.Ordinal);
    private ImmutableArray<NamespaceNode> _nodes = [];

    /// <summary>Whether no node has the namespace.</summary>
    public bool IsEmpty => Nodes.IsEmpty;

    /// <summary>The nodes that have the namespace.</summary>
    public ImmutableArray<NamespaceNode> Nodes
    {
        get
        {
            if (_nodes.IsDefault)
            {
                var nodes = ImmutableArray.CreateBuilder<NamespaceNode>(_accounts.Count);
                foreach (var account in _accounts.Values)
                {
                    if (account.IsPresent)
                    {
                        nodes.Add(new NamespaceNode(account.Node, account.Sockets));
                    }
                }

                _nodes = nodes.DrainToImmutable();
            }

            return _nodes;
        }
    }

    /// <summary>Takes a node's account of itself; an older one than the one known changes nothing.</summary>
    /// <returns>Whether the account is of the newest run known of the node.</returns>
    public bool Apply(NamespacePresence presence)
    {
        if (_accounts.TryGetValue(presence.Node.Id, out var known))
        {
            if (presence.Node.Epoch < known.Node.Epoch)
            {
                return false;
            }

            if (presence.Node.Epoch == known.Node.Epoch && presence.Version <= known.Version)
            {
                return true;
            }
        }

        // Also an account of absence is kept, or an older one of presence, arriving late, would bring the node back.
        _accounts[presence.Node.Id] = presence;
        _nodes = default;
        return true;
    }

    /// <summary>Drops the account of a run that departed; a newer run of the node stays.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Forget(NodeIdentity node)
    {
        if (!_accounts.TryGetValue(node.Id, out var known) || known.Node != node)
        {
            return false;
        }

        _accounts.Remove(node.Id);
        _nodes = default;
        return true;
    }

    /// <summary>The runs that gave accounts.</summary>
    public void CopyRunsTo(List<NodeIdentity> runs)
    {
        foreach (var account in _accounts.Values)
        {
            runs.Add(account.Node);
        }
    }
}
