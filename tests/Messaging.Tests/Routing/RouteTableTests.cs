using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly NodeIdentity A = new("a", 1);
    private static readonly NodeIdentity B = new("b", 1);
    private static readonly NodeIdentity C = new("c", 1);
    private readonly RouteTable _table = new();
    private readonly JoinRoutes _joins = new();

    [Fact]
    public void Ask_RoomsOfSeveralMessages_AreOpenOnce()
    {
        _table.Ask(To("r", "s"));
        _table.Ask(To("s", "t"));
        Assert.Equal(["r", "s", "t"], _table.OpenRooms);
        Assert.False(_table.IsNamespaceOpen);

        _table.SetRooms(["s"], new RoomRoutes([[A]], IsComplete: true));
        _table.CloseAnswered();
        Assert.Equal(["r", "t"], _table.OpenRooms);
    }

    [Fact]
    public void CopyTo_SeveralRooms_NamesEachOtherNodeOnce()
    {
        _table.Ask(To("r", "s", "empty"));
        _table.SetRooms(["r", "s", "empty"], new RoomRoutes([[A, B], [C, B, A], []], IsComplete: true));

        Assert.Equal([B, C], Routes(To("r", "s", "empty")));
    }

    [Fact]
    public void CopyTo_ExceptRooms_DoesNotAskForThem()
    {
        var message = new OutboundMessage(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = ["r"], Except = ["x"] });
        _table.Ask(message);
        Assert.Equal(["r"], _table.OpenRooms);
    }

    [Fact]
    public void CopyTo_WholeNamespace_PassesByNodesWithoutSockets()
    {
        _table.Ask(To());
        Assert.True(_table.IsNamespaceOpen);
        _table.SetNamespace(
            new NamespaceRoutes([new NamespaceNode(A, 3), new NamespaceNode(B, 0), new NamespaceNode(C, 1)], IsComplete: true));
        Assert.False(_table.IsNamespaceOpen);

        Assert.Equal([C], Routes(To()));
        Assert.Equal(
            [B, C], Routes(new OutboundMessage(new Envelope { Kind = EnvelopeKind.ServerSideEmit, Namespace = "/" }, toAllNodes: true)));
    }

    [Fact]
    public void CopyTo_IncompleteRoom_GoesToTheWholeNamespaceToo()
    {
        _table.Ask(To("r", "s"));
        _table.SetRooms(["r"], new RoomRoutes([[B]], IsComplete: true));
        Assert.False(_table.IsNamespaceOpen);
        _table.SetRooms(["s"], new RoomRoutes([[]], IsComplete: false));
        Assert.True(_table.IsNamespaceOpen);
        _table.SetNamespace(new NamespaceRoutes([new NamespaceNode(A, 1), new NamespaceNode(C, 0)], IsComplete: true));
        Assert.False(_table.IsEveryoneOpen);

        Assert.Equal([C], Routes(To("s")));
        Assert.Equal([B], Routes(To("r")));
        Assert.Equal([B, C], Routes(To("r", "s")));
    }

    [Fact]
    public void CopyTo_IncompleteNamespace_GoesToEveryone()
    {
        _table.Ask(To());
        _table.Ask(To("r"));
        _table.SetRooms(["r"], new RoomRoutes([[]], IsComplete: false));
        _table.SetNamespace(new NamespaceRoutes([], IsComplete: false));
        Assert.True(_table.IsEveryoneOpen);
        _table.SetEveryone([A, B, C]);
        Assert.False(_table.IsEveryoneOpen);

        Assert.Equal([B, C], Routes(To()));
        Assert.Equal([B, C], Routes(To("r")));
        _table.Clear();
        Assert.False(_table.IsNamespaceOpen);
        Assert.False(_table.IsEveryoneOpen);
    }

    [Fact]
    public void CopyTo_RoomOfAnUnconfirmedJoin_GoesWhereTheJoinWent()
    {
        _table.Ask(To("r"));
        _table.SetRooms(["r"], new RoomRoutes([[B]], IsComplete: true));
        _joins.Add(1, ["r", "other"], [B, C], expires: 100);

        Assert.Equal([B, C], Routes(To("r")));
        _joins.Confirm(1, "c");
        Assert.Equal([B], Routes(To("r")));
    }

    [Fact]
    public void Clear_ForgetsAnswers()
    {
        _table.Ask(To("r"));
        _table.SetRooms(["r"], new RoomRoutes([[B]], IsComplete: true));
        _table.CloseAnswered();
        _table.Clear();
        _table.Ask(To("r"));
        Assert.Equal(["r"], _table.OpenRooms);
    }

    private static OutboundMessage To(params string[] rooms) =>
        new(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = rooms });

    private List<NodeIdentity> Routes(OutboundMessage message)
    {
        var nodes = new List<NodeIdentity>();
        _table.CopyTo(message, _joins, "a", nodes);
        return nodes;
    }
}
