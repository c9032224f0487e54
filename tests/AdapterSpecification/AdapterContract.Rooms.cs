namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task Rooms_OneConnectionFromStartToEnd_RaiseTheEventsInOrder()
    {
        var events = RecordRoomEvents(Scene[0]);
        var socket = await Scene[0].CreateSocketAsync();
        var id = socket.Id;
        await Scene[0].Adapter.AddAllAsync(id, ["pre"]);
        Scene[0].Connect(socket);
        await socket.JoinAsync("a", "b");
        await socket.JoinAsync("a");
        await socket.LeaveAsync("unknown");
        await socket.LeaveAsync("b");
        socket.Disconnect(close: false);

        Assert.Equal(
            [
                $"create {id}", $"join {id} {id}", "create pre", $"join pre {id}",
                "create a", $"join a {id}", "create b", $"join b {id}",
                $"leave b {id}", "delete b",
                $"leave {id} {id}", $"delete {id}", $"leave pre {id}", "delete pre", $"leave a {id}", "delete a",
            ],
            events);
    }

    [Fact]
    public async Task Rooms_SecondMemberOfTheNode_NeitherCreatesNorDeletes()
    {
        var first = await Scene[0].ConnectAsync("r");
        var events = RecordRoomEvents(Scene[0]);
        var second = await Scene[0].CreateSocketAsync();
        events.Clear();
        await Scene[0].Adapter.AddAllAsync(second.Id, ["r"]);
        await first.LeaveAsync("r");
        await Scene[0].Adapter.RemoveAsync(first.Id, "r");
        await Scene[0].Adapter.RemoveAsync(second.Id, "r");

        Assert.Equal([$"join r {second.Id}", $"leave r {first.Id}", $"leave r {second.Id}", "delete r"], events);
        await Scene[0].Adapter.RemoveAllAsync(second.Id);
    }

    [Fact]
    public async Task Rooms_ListenerThatChangesRooms_IsSafeAndHearsOfItAfterwards()
    {
        var socket = await Scene[0].ConnectAsync("r");
        var adapter = Scene[0].Adapter;
        var again = 0;
        adapter.Local.SocketLeftRoom += (room, id) =>
        {
            if (room == "r" && again++ == 0)
            {
                _ = adapter.RemoveAsync(id, room).AsTask();
                _ = adapter.AddAllAsync(id, ["s"]).AsTask();
            }
        };
        var events = RecordRoomEvents(Scene[0]);
        await socket.LeaveAsync("r");

        Assert.Equal([$"leave r {socket.Id}", "delete r", "create s", $"join s {socket.Id}"], events);
        Assert.Equal([socket.Id, "s"], adapter.Local.SocketRooms(socket.Id));
    }

    [Fact]
    public async Task Rooms_ListenerThatThrows_DisturbsNobody()
    {
        Scene[0].Rooms.RoomCreated += _ => throw new InvalidOperationException("A listener's own trouble.");
        var socket = await Scene[0].ConnectAsync("r");

        Assert.Equal([socket.Id, "r"], Scene[0].Rooms.SocketRooms(socket.Id));
    }

    [Fact]
    public async Task SocketRooms_KnownWithoutRoomsAndUnknown_AreToldApart()
    {
        var adapter = Scene[0].Adapter;
        await adapter.AddAllAsync("known", []);

        Assert.Equal([], adapter.Local.SocketRooms("known"));
        Assert.Null(adapter.Local.SocketRooms("unknown"));
        await adapter.RemoveAllAsync("unknown");
        await adapter.RemoveAllAsync("known");
        Assert.Null(adapter.Local.SocketRooms("known"));
    }

    [Fact]
    public async Task LocalRooms_AfterEverybodyLeft_AreEmpty()
    {
        var one = await Scene[0].ConnectAsync("a", "b");
        var two = await Scene[0].ConnectAsync("b", "c");
        Assert.Equal(new[] { one.Id, "a", "b", two.Id, "c" }.Order(), Scene[0].Rooms.Rooms.Order());

        one.Disconnect(close: false);
        two.Disconnect(close: false);
        Assert.Empty(Scene[0].Rooms.Rooms);
    }

    [Fact]
    public async Task LocalSockets_OfSeveralRoomsAndOfAll_AreTheConnectedOnesOfThisNodeOnce()
    {
        var ns = Scene[0];
        var both = await ns.ConnectAsync("a", "b");
        var one = await ns.ConnectAsync("b");
        var connecting = await ns.CreateSocketAsync();
        await ns.Adapter.AddAllAsync(connecting.Id, ["a"]);
        if (Scene.Nodes.Count > 1) await Scene[1].ConnectAsync("a");

        Assert.Equal([both.Id], ns.Rooms.Sockets(["a"]));
        Assert.Equal(new[] { both.Id, one.Id }.Order(), ns.Rooms.Sockets(["a", "b", "unknown"]).Order());
        Assert.Equal(new[] { both.Id, one.Id }.Order(), ns.Rooms.Sockets([]).Order());
        Assert.Empty(ns.Rooms.Sockets(["unknown"]));
    }

    private static List<string> RecordRoomEvents(TestNamespace ns)
    {
        var events = new List<string>();
        ns.Rooms.RoomCreated += room => events.Add($"create {room}");
        ns.Rooms.RoomDeleted += room => events.Add($"delete {room}");
        ns.Rooms.SocketJoinedRoom += (room, id) => events.Add($"join {room} {id}");
        ns.Rooms.SocketLeftRoom += (room, id) => events.Add($"leave {room} {id}");
        return events;
    }
}
