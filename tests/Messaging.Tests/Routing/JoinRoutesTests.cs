using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Tests.Routing;

public sealed class JoinRoutesTests
{
    private static readonly NodeIdentity B = new("b", 1);
    private static readonly NodeIdentity C = new("c", 1);
    private readonly JoinRoutes _joins = new();

    [Fact]
    public void Add_WithoutNodes_IsNotRemembered()
    {
        _joins.Add(1, ["r"], [], expires: 10);
        Assert.True(_joins.IsEmpty);
    }

    [Fact]
    public void Confirm_ByEveryNode_EndsTheRoute()
    {
        _joins.Add(1, ["r", "r", "s"], [B, C], expires: 10);
        _joins.Add(2, ["s"], [C], expires: 10);
        _joins.Confirm(1, "b");
        _joins.Confirm(1, "b");
        _joins.Confirm(7, "c");
        Assert.Equal([C, C], Nodes("r"));
        _joins.Confirm(1, "c");

        Assert.Empty(Nodes("r"));
        Assert.Equal([C], Nodes("s"));
        _joins.Confirm(2, "c");
        Assert.True(_joins.IsEmpty);
    }

    [Fact]
    public void Confirm_ByALaterRunOfTheNode_Counts()
    {
        _joins.Add(1, ["r"], [B], expires: 10);
        _joins.Confirm(1, "b");
        Assert.True(_joins.IsEmpty);
    }

    [Fact]
    public void Expire_AfterTheTime_EndsOldRoutesOnly()
    {
        _joins.Add(1, ["r"], [B], expires: 10);
        _joins.Add(2, ["r"], [C], expires: 20);
        _joins.Expire(9);
        Assert.Equal([B, C], Nodes("r"));
        _joins.Expire(10);
        Assert.Equal([C], Nodes("r"));
        _joins.Expire(30);
        Assert.True(_joins.IsEmpty);
    }

    private List<NodeIdentity> Nodes(string room)
    {
        var nodes = new List<NodeIdentity>();
        _joins.CopyTo(room, nodes);
        return nodes;
    }
}
