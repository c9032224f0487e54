using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Namespaces;

namespace OrleansRooms.Grains.Tests.Namespaces;

public sealed class NamespaceNodesTests
{
    private static readonly NodeIdentity A = new("a", 5);
    private static readonly NodeIdentity B = new("b", 5);

    private readonly NamespaceNodes _nodes = new();

    [Fact]
    public void Apply_Accounts_ListsPresentNodesWithTheirSockets()
    {
        Assert.True(_nodes.IsEmpty);
        Assert.True(_nodes.Apply(new NamespacePresence(A, 1, true, 3)));
        Assert.True(_nodes.Apply(new NamespacePresence(B, 1, true, 0)));
        Assert.Equal([new NamespaceNode(A, 3), new NamespaceNode(B, 0)], _nodes.Nodes.ToArray());
        Assert.True(_nodes.Apply(new NamespacePresence(A, 2, false, 0)));
        Assert.Equal([new NamespaceNode(B, 0)], _nodes.Nodes.ToArray());
    }

    [Fact]
    public void Apply_OlderAccountAfterNewer_ChangesNothing()
    {
        _nodes.Apply(new NamespacePresence(A, 2, false, 0));
        Assert.True(_nodes.Apply(new NamespacePresence(A, 1, true, 9)));
        Assert.True(_nodes.IsEmpty);
    }

    [Fact]
    public void Apply_NewerRunOfTheNode_ReplacesTheOlderWhateverItsVersion()
    {
        _nodes.Apply(new NamespacePresence(A, 100, true, 9));
        var restarted = A with { Epoch = 6 };
        Assert.True(_nodes.Apply(new NamespacePresence(restarted, 1, true, 2)));
        Assert.False(_nodes.Apply(new NamespacePresence(A, 101, true, 9)));
        Assert.Equal([new NamespaceNode(restarted, 2)], _nodes.Nodes.ToArray());
    }

    [Fact]
    public void Forget_DepartedRun_LeavesNewerRunAlone()
    {
        var restarted = A with { Epoch = 6 };
        _nodes.Apply(new NamespacePresence(restarted, 1, true, 2));
        Assert.False(_nodes.Forget(A));
        Assert.True(_nodes.Forget(restarted));
        Assert.True(_nodes.IsEmpty);
        var runs = new List<NodeIdentity>();
        _nodes.CopyRunsTo(runs);
        Assert.Empty(runs);
    }
}
