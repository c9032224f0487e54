using System.Threading.Channels;
using OrleansRooms.Emitter;
using OrleansRooms.TestKit;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>What an emitter may ask beyond Socket.IO's cheat sheet: clients, servers and the directory.</summary>
[Trait("Behaviour", "100")]
[Collection(ThreeNodes.Collection)]
public sealed class EmitterQuestionTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private ISocketIOEmitter Emitter => cluster.Emitter;

    [Fact]
    public async Task EmitWithAck_CollectsFromEveryNodeOrFailsWithWhatCame()
    {
        var room = cluster.NewRoom();
        var clients = new[] { await cluster.JoinAsync(0, room), await cluster.JoinAsync(1, room), await cluster.JoinAsync(2, room) };

        var all = Emitter.To(room).Timeout(Long).EmitWithAckAsync<byte[]>("vote");
        for (var i = 0; i < clients.Length; i++)
        {
            await (await clients[i].NextAsync("vote")).AckAsync(new byte[] { (byte)i });
        }

        Assert.Equal([0, 1, 2], (await all).Select(bytes => (int)Assert.Single(bytes)).Order());
        Assert.Empty(await Emitter.To("unknown").Timeout(Long).EmitWithAckAsync<int>("vote"));

        var some = Emitter.To(room).Timeout(TimeSpan.FromSeconds(4)).EmitWithAckAsync<int>("vote");
        await (await clients[1].NextAsync("vote")).AckAsync(11);
        var failure = await Assert.ThrowsAsync<ClientAckException<int>>(() => some);
        Assert.Equal([11], failure.Responses);
        Assert.Equal(3, failure.ExpectedCount);
        Assert.Empty(failure.MissingNodes);
    }

    [Fact]
    public async Task FetchSockets_DescribesThemAndCommandsThem()
    {
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var options = new { transports = new[] { "websocket" }, auth = new { token = "abc" } };
        var client = await cluster.JoinAsync(cluster.Nodes[2], options, room);
        await cluster.JoinAsync(0, room);
        var id = (await client.StateAsync()).Id!;
        cluster.Nodes[2].IO.Sockets[id].Data.Set("name", "ada");

        var sockets = await Emitter.In(room).FetchSocketsAsync();
        var socket = Assert.Single(sockets, found => found.Id == id);

        Assert.Equal(2, sockets.Count);
        Assert.Equal("node-3", socket.Node);
        Assert.Equal(new[] { id, room }.Order(), socket.Rooms.Order());
        Assert.Equal("abc", socket.Handshake.GetProperty("auth").GetProperty("token").GetString());
        Assert.Equal("ada", socket.GetData<string>("name"));

        await socket.JoinAsync(other);
        await socket.EmitAsync("ev", "direct");
        await Emitter.To(other).EmitAsync("ev", "joined");
        await socket.LeaveAsync(other);
        await Emitter.To(other).EmitAsync("ev", "no more");
        await socket.EmitAsync("end");
        await socket.DisconnectAsync();

        await ThreeNodes.HeardAsync(client, "direct", "joined");
        await client.NextAsync("disconnect");
    }

    [Fact]
    public async Task Queries_AnswerForTheWholeCluster()
    {
        var room = cluster.NewRoom();
        var client = await cluster.JoinAsync(0, room);
        await cluster.JoinAsync(2, room);

        Assert.Equal(2, await Emitter.RoomSizeAsync(room));
        Assert.Equal(1, await Emitter.RoomSizeAsync((await client.StateAsync()).Id!));
        Assert.Equal(0, await Emitter.RoomSizeAsync("unknown"));
        Assert.True(await Emitter.SocketCountAsync() >= 2);
        var id = (await client.StateAsync()).Id!;
        var members = await Emitter.RoomMembersAsync(room);
        Assert.Equal(["node-1", "node-3"], members.Select(member => member.Node).Order());
        Assert.Contains(new EmitterRoomMember(id, "node-1"), members);
        Assert.True(await Emitter.IsInRoomAsync(room, id));
        Assert.False(await Emitter.IsInRoomAsync("unknown", id));
        Assert.Equal(["node-1", "node-2", "node-3"], (await Emitter.ServersAsync()).Select(server => server.Node).Order());
    }

    [Fact]
    public async Task OnRoomChanged_RoomsOfAllServers_AreToldWhenTheyBeginAndEnd()
    {
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var changes = Channel.CreateUnbounded<EmitterRoomChange>();
        using var watch = Emitter.OnRoomChanged(change =>
        {
            // Other tests' rooms come and go beside these.
            if (change.Room == room || change.Room == other) changes.Writer.TryWrite(change);
        });
        await watch.Started.WaitAsync(Inbox<EmitterRoomChange>.DefaultTimeout);

        var client = await cluster.JoinAsync(2, room);
        Assert.Equal(new EmitterRoomChange(room, IsCreated: true), await NextAsync());
        await Emitter.In(room).SocketsJoinAsync(other);
        Assert.Equal(new EmitterRoomChange(other, IsCreated: true), await NextAsync());
        await Emitter.In(room).SocketsLeaveAsync(room);
        Assert.Equal(new EmitterRoomChange(room, IsCreated: false), await NextAsync());
        await client.DisconnectAsync();
        Assert.Equal(new EmitterRoomChange(other, IsCreated: false), await NextAsync());

        Task<EmitterRoomChange> NextAsync() => changes.Reader.ReadAsync().AsTask().WaitAsync(Inbox<EmitterRoomChange>.DefaultTimeout);
    }
}
