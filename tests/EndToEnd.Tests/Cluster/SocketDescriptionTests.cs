using OrleansRooms.Emitter;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>What one client says of itself, or an application keeps with it, hides no other socket and is the same on every node.</summary>
[Collection(ThreeNodes.Collection)]
public sealed class SocketDescriptionTests(ThreeNodes cluster)
{
    // As JavaScript writes a string that ends in the middle of an emoji.
    private const string HalfAnEmoji = "\ud83d";

    [Fact]
    public async Task FetchSockets_WithAuthAndDataThatAreHardToWrite_FindsAllSocketsFromEverywhere()
    {
        var room = cluster.NewRoom();
        var bystander = await cluster.JoinAsync(1, room);
        var deep = new string('[', 70) + new string(']', 70);
        await using var half = await EnterAsync(1, """{"name":"\ud83d"}""", room);
        await using var nested = await EnterAsync(1, $$"""{"name":"n","deep":{{deep}}}""", room);
        var data = cluster.Nodes[1].IO.Sockets[(await bystander.StateAsync()).Id!].Data;
        data.Set("nan", double.NaN);
        data.Set("getter", new Throwing());
        data.Set("bytes", new byte[] { 1, 2 });
        data.Set("within", new { Bytes = new byte[] { 3 } });
        data.Set("half", HalfAnEmoji);

        foreach (var node in cluster.Nodes)
        {
            var sockets = await node.IO.In(room).FetchSocketsAsync();
            Assert.Equal(
                [null, "n", HalfAnEmoji], sockets.Select(socket => socket.Handshake.Auth.GetString("name")).Order(StringComparer.Ordinal));
        }

        var seen = Assert.Single(await cluster.Nodes[0].IO.In(room).FetchSocketsAsync(), socket => socket.Data.Count > 0);
        Assert.Equal(["nan", "bytes", "within", "half"], seen.Data.Select(value => value.Key));
        Assert.Equal([1, 2], Assert.IsType<byte[]>(seen.Data["bytes"]));
        Assert.Equal([3], seen.Data.Get<Within>("within")!.Bytes);
        Assert.Equal(HalfAnEmoji, seen.Data.Get<string>("half"));

        // What was seen there goes to clients as it would have from here.
        await cluster.Nodes[2].IO.In(room).EmitAsync("data", seen.Data, seen.Handshake);
        var told = await bystander.NextAsync("data");
        Assert.Equal([1, 2], told.Args[0].GetProperty("bytes").As<byte[]>());
        Assert.Equal([3], told.Args[0].GetProperty("within").GetProperty("bytes").As<byte[]>());
        Assert.Equal("4", told.Args[1].GetProperty("query").GetProperty("EIO").GetString());
        Assert.StartsWith(
            "http", $"http://{told.Args[1].GetProperty("headers").GetProperty("host").GetString()}", StringComparison.Ordinal);

        var emitted = await cluster.Emitter.In(room).FetchSocketsAsync();
        Assert.Equal(3, emitted.Count);
        var worker = Assert.Single(emitted, socket => socket.GetData<byte[]>("bytes") is not null);
        Assert.Equal([3], worker.GetData<Within>("within")!.Bytes);
        Assert.Equal(HalfAnEmoji, worker.GetData<string>("half"));
    }

    [Fact]
    public async Task Rooms_NamedByHalfAnEmoji_AreThatRoomFromEverywhere()
    {
        var name = cluster.NewRoom() + "/";
        await using var half = await EnterAsync(1, "{}", $"{name}\\ud83d");
        await using var replaced = await EnterAsync(2, "{}", $"{name}\\ufffd");
        var room = name + HalfAnEmoji;

        await cluster.Nodes[0].IO.To(room).EmitAsync("node");
        await cluster.Emitter.To(room).EmitAsync("emitter");
        await cluster.Nodes[0].IO.In(room, name + "\ufffd").Except(room).EmitAsync("others");
        await cluster.Emitter.In(room, name + "\ufffd").Except(room).EmitAsync("others");
        await cluster.Emitter.In(room).SocketsJoinAsync($"{name}\udc00");
        await cluster.Nodes[0].IO.To($"{name}\udc00").EmitAsync("joined");
        Assert.Equal(1, await cluster.Emitter.RoomSizeAsync(room));
        Assert.Equal([room, $"{name}\udc00"], (await cluster.Emitter.RoomsAsync(name)).Where(found => !found.EndsWith('\ufffd')));
        await cluster.Nodes[0].IO.In(room, name + "\ufffd").EmitAsync("end", "node");
        await cluster.Emitter.In(room, name + "\ufffd").EmitAsync("end", "emitter");

        Assert.Equal(["""42["emitter"]""", """42["joined"]""", """42["node"]"""], await HeardAsync(half));
        Assert.Equal(["""42["others"]""", """42["others"]"""], await HeardAsync(replaced));
    }

    /// <summary>Connects a client that says exactly this, and puts it into a room.</summary>
    private async Task<RawWebSocket> EnterAsync(int node, string auth, string roomAsJson)
    {
        var (socket, _) = await RawWebSocket.OpenAsync(cluster.Nodes[node].Address);
        await socket.SendAsync($"40{auth}");
        await socket.NextAsync(frame => frame.Text.StartsWith("40{", StringComparison.Ordinal), "the connection");
        await socket.SendAsync($$"""420["join",["{{roomAsJson}}"]]""");
        await socket.NextAsync(frame => frame.Text == "430[]", "the answer");
        return socket;
    }

    /// <summary>What both publishers sent, in no particular order.</summary>
    private static async Task<IEnumerable<string>> HeardAsync(RawWebSocket socket)
    {
        await socket.NextAsync(frame => frame.Text == """42["end","node"]""", "the node's end");
        await socket.NextAsync(frame => frame.Text == """42["end","emitter"]""", "the emitter's end");
        return socket.Waiting.Select(frame => frame.Text).Where(text => text.StartsWith("42", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    private sealed record Within(byte[] Bytes);

    private sealed class Throwing
    {
        public string Text => throw new FormatException(GetType().Name);
    }
}
