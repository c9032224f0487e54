using System.Text.Json;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task SocketsJoin_AllOfThem_MovesSocketsOfEveryNode()
    {
        var sockets = await ConnectOneEachAsync();
        await Scene[0].Adapter.SocketsJoinAsync(All, ["r", "s"]);
        foreach (var socket in sockets) await HasRoomsAsync(socket, socket.Id, "r", "s");
    }

    [Fact]
    public async Task SocketsJoin_MatchingOnly_LeavesTheOthersWhereTheyAre()
    {
        var first = await Scene[0].ConnectAsync("r");
        var second = await Scene[1].ConnectAsync("r");
        var excluded = await Scene[1].ConnectAsync("r", "x");
        var other = await Scene[2].ConnectAsync();
        await Scene[0].Adapter.SocketsJoinAsync(To("r").ButNot("x"), ["s"]);
        await Scene.BarrierAsync(0);

        await HasRoomsAsync(first, first.Id, "r", "s");
        await HasRoomsAsync(second, second.Id, "r", "s");
        await HasRoomsAsync(excluded, excluded.Id, "r", "x");
        await HasRoomsAsync(other, other.Id);
    }

    [Fact]
    public async Task SocketsJoin_Local_MovesOnlySocketsOfTheNode()
    {
        var here = await Scene[0].ConnectAsync();
        var there = await Scene[1].ConnectAsync();
        await Scene[0].Adapter.SocketsJoinAsync(All.With(BroadcastFlags.Local), ["r"]);
        await Scene.BarrierAsync(0);

        await HasRoomsAsync(here, here.Id, "r");
        if (Nodes.Count > 1) await HasRoomsAsync(there, there.Id);
    }

    [Fact]
    public async Task SocketsJoin_ThenABroadcastToTheRoom_NeedsNoAwait()
    {
        var sockets = await ConnectOneEachAsync();
        for (var i = 0; i < 20; i++)
        {
            var id = sockets[i % 3].Id;
            _ = Scene[0].Adapter.SocketsJoinAsync(To(id), [$"new{i}"]).AsTask();
            _ = Scene[0].Adapter.BroadcastAsync(Packets.Event($"""["e",{i}]"""), To($"new{i}")).AsTask();
        }

        await Scene.BarrierAsync(0);
        for (var s = 0; s < 3; s++)
        {
            Assert.Equal(
                Enumerable.Range(0, 20).Where(i => i % 3 == s).Select(i => $"""42["e",{i}]"""),
                Scene.EventsOf(sockets[s]));
        }
    }

    [Fact]
    public async Task SocketsJoin_ChainedJoins_AreFollowedByBroadcastsToo()
    {
        var sockets = await ConnectOneEachAsync();
        var adapter = Scene[0].Adapter;
        _ = adapter.SocketsJoinAsync(To(sockets[1].Id, sockets[2].Id), ["a"]).AsTask();
        _ = adapter.SocketsJoinAsync(To("a").ButNot(sockets[2].Id), ["b"]).AsTask();
        _ = adapter.BroadcastAsync(Packets.Event("""["b"]"""), To("b")).AsTask();
        _ = adapter.SocketsLeaveAsync(To("b"), ["a"]).AsTask();
        _ = adapter.BroadcastAsync(Packets.Event("""["a"]"""), To("a")).AsTask();
        await Scene.BarrierAsync(0);

        Assert.Empty(Scene.EventsOf(sockets[0]));
        Assert.Equal(["""42["b"]"""], Scene.EventsOf(sockets[1]));
        Assert.Equal(["""42["a"]"""], Scene.EventsOf(sockets[2]));
    }

    [Fact]
    public async Task SocketsLeave_MatchingSocketsOfEveryNode_LeaveTheRooms()
    {
        var first = await Scene[0].ConnectAsync("r", "s", "t");
        var second = await Scene[1].ConnectAsync("r", "s");
        var other = await Scene[2].ConnectAsync("s");
        await Scene[0].Adapter.SocketsLeaveAsync(To("r"), ["s", "t", "unknown"]);
        await Scene.BarrierAsync(0);

        await HasRoomsAsync(first, first.Id, "r");
        await HasRoomsAsync(second, second.Id, "r");
        await HasRoomsAsync(other, other.Id, "s");
    }

    [Theory]
    [InlineData(false, "disconnected")]
    [InlineData(true, "closed")]
    public async Task DisconnectSockets_MatchingSocketsOfEveryNode_AreDisconnected(bool close, string expected)
    {
        var near = await Scene[0].ConnectAsync("r");
        var far = await Scene[1].ConnectAsync("r");
        var other = await Scene[2].ConnectAsync("s");
        await Scene[0].Adapter.DisconnectSocketsAsync(To("r"), close);

        Assert.Equal([expected], near.Log);
        Assert.Equal([expected], await far.WaitForLogAsync(log => log.Length > 0, "its end"));
        await Scene.BarrierAsync(0);
        Assert.Empty(Scene.EventsOf(other));
        await EventuallyAsync(0, () => Scene[0].Adapter.RoomSizeAsync("r"));
    }

    [Fact]
    public async Task DisconnectSockets_AfterAnEvent_ComesAfterItEverywhere()
    {
        var sockets = await ConnectOneEachAsync();
        _ = Scene[0].Adapter.BroadcastAsync(Packets.Event("""["bye"]"""), All).AsTask();
        _ = Scene[0].Adapter.DisconnectSocketsAsync(All, close: true).AsTask();
        foreach (var socket in sockets)
        {
            await socket.WaitForLogAsync(log => log.Contains("closed"), "its end");
            Assert.Equal(["""42["bye"]""", "closed"], Scene.EventsOf(socket));
        }
    }

    [Fact]
    public async Task FetchSockets_All_DescribesSocketsOfEveryNode()
    {
        var sockets = await ConnectOneEachAsync("r");
        sockets[1].Data = """{"name":"Ada","n":[1,2]}""";
        var result = await Scene[0].Adapter.FetchSocketsAsync(All);

        Assert.Empty(result.MissingNodes);
        Assert.Equal(sockets.Select(s => s.Id).Order(), result.Sockets.Select(s => s.Id).Order());
        foreach (var socket in sockets)
        {
            var described = Assert.Single(result.Sockets, s => s.Id == socket.Id);
            var known = socket.Describe();
            Assert.Equal(known.Rooms.AsEnumerable(), described.Rooms);
            Assert.True(JsonElement.DeepEquals(known.Data, described.Data), described.Data.GetRawText());
            Assert.True(JsonElement.DeepEquals(known.Handshake, described.Handshake), described.Handshake.GetRawText());
        }
    }

    [Fact]
    public async Task FetchSockets_WithDataThatIsHardToCarry_GivesItAndAllSockets()
    {
        var sockets = await ConnectOneEachAsync("r\ud83d");
        sockets[0].Data = $$"""{"deep":{{new string('[', 2000)}}{{new string(']', 2000)}}}""";
        sockets[1].Data = """{"half":"\ud83d","\udc00":[{"\ud800":"a\udfff"}]}""";
        sockets[2].Data = """{"bytes":{"_placeholder":true,"num":1},"more":[{"_placeholder":true,"num":0}]}""";
        sockets[2].Attachments = [[1, 2], []];
        var result = await Scene[0].Adapter.FetchSocketsAsync(All);

        Assert.Empty(result.MissingNodes);
        Assert.Equal(3, result.Sockets.Length);
        foreach (var socket in sockets)
        {
            var described = Assert.Single(result.Sockets, s => s.Id == socket.Id);
            Assert.Equal(socket.Data, described.Data.GetRawText());
            Assert.Equal([socket.Id, "r\ud83d"], described.Rooms.AsEnumerable());
            Assert.Equal(socket.Attachments, described.Attachments.Select(bytes => bytes.ToArray()));
        }
    }

    [Fact]
    public async Task FetchSockets_FilteredByRoomsIdAndFlag_DescribesTheMatchesOnly()
    {
        var one = await Scene[0].ConnectAsync("r");
        var two = await Scene[1].ConnectAsync("r", "x");
        var three = await Scene[2].ConnectAsync("r");
        await Scene[2].ConnectAsync("s");

        await FetchesAsync(To("r"), one, two, three);
        await FetchesAsync(To("r").ButNot("x"), one, three);
        await FetchesAsync(To(two.Id), two);
        await FetchesAsync(To("unknown"));
        if (Nodes.Count > 1) await FetchesAsync(To("r").With(BroadcastFlags.Local), one);
    }

    private async Task FetchesAsync(BroadcastOptions options, params TestSocket[] expected)
    {
        var result = await Scene[0].Adapter.FetchSocketsAsync(options).AsTask().WaitAsync(Patience);
        Assert.Equal(expected.Select(s => s.Id).Order(), result.Sockets.Select(s => s.Id).Order());
        Assert.Empty(result.MissingNodes);
    }

    private async Task HasRoomsAsync(TestSocket socket, params string[] rooms)
    {
        var ns = Scene.Nodes.Single(n => n.TryGetSocket(socket.Id, out _));
        await EventuallyAsync(string.Join(' ', rooms), () => new(string.Join(' ', ns.Rooms.SocketRooms(socket.Id) ?? [])));
    }
}
