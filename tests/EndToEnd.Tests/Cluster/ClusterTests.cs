using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>
/// The server's whole surface with stock clients on three nodes (section M of the acceptance list). The trait <c>Behaviour</c> has the
/// number in that list.
/// </summary>
[Collection(ThreeNodes.Collection)]
public sealed class ClusterTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Transports => ["polling", "websocket", "upgrade"];

    [Theory]
    [Trait("Behaviour", "95")]
    [MemberData(nameof(Transports))]
    public async Task Binary_FromAClientOnOneNode_ReachesClientsOnTheOthers(string transport)
    {
        object options = transport == "upgrade" ? new { } : new { transports = new[] { transport } };
        var room = cluster.NewRoom();
        var clients = await Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, options, room)));
        byte[] small = [0, 1, 2, 254, 255];
        var large = new byte[300_000];
        new Random(95).NextBytes(large);

        await clients[0].EmitAsync("say", room, small);
        await clients[0].EmitAsync("say", room, large);

        foreach (var client in clients)
        {
            foreach (var bytes in new[] { small, large })
            {
                var said = await client.NextAsync("said");
                Assert.Equal(bytes, said.Get<byte[]>());
                Assert.Equal(bytes, said.Args[1].GetProperty("deep").As<byte[]>());
            }
        }
    }

    [Fact]
    [Trait("Behaviour", "95")]
    public async Task Broadcast_ToRooms_ReachesEachSocketOnceOnEveryNode()
    {
        var (a, b, c) = (cluster.NewRoom(), cluster.NewRoom(), cluster.NewRoom());
        var inA = await cluster.JoinAsync(cluster.Nodes[0], a);
        var inAB = await cluster.JoinAsync(cluster.Nodes[1], a, b);
        var inBC = await cluster.JoinAsync(cluster.Nodes[2], b, c);
        var io = cluster.Nodes[0].IO;

        await io.To(a, b).EmitAsync("ev", "a+b");
        await io.To(a).To(b).Except(c).EmitAsync("ev", "a+b-c");
        await io.To((await inBC.StateAsync()).Id!).EmitAsync("ev", "one");
        await io.Local.To(a, b).EmitAsync("ev", "local");
        await io.To("unknown").EmitAsync("ev", "nobody");
        await io.To(a, b).EmitAsync("end");

        await ThreeNodes.HeardAsync(inA, "a+b", "a+b-c", "local");
        await ThreeNodes.HeardAsync(inAB, "a+b", "a+b-c");
        await ThreeNodes.HeardAsync(inBC, "a+b", "one");
    }

    [Fact]
    [Trait("Behaviour", "96")]
    public async Task BroadcastAck_FromEveryNode_CollectsValuesAndBinary()
    {
        var room = cluster.NewRoom();
        var clients = await Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, room)));

        var asking = cluster.Nodes[1].IO.To(room).Timeout(Long).EmitWithAckAsync<byte[]>("vote");
        for (var i = 0; i < clients.Length; i++)
        {
            await (await clients[i].NextAsync("vote")).AckAsync(new byte[] { (byte)i });
        }

        Assert.Equal([0, 1, 2], (await asking).Select(bytes => (int)Assert.Single(bytes!)).Order());
        Assert.Empty(await cluster.Nodes[1].IO.To("unknown").Timeout(Long).EmitWithAckAsync<byte[]>("vote"));
    }

    [Fact]
    [Trait("Behaviour", "96")]
    public async Task BroadcastAck_OneIsSilent_FailsWithTheOthersValues()
    {
        var room = cluster.NewRoom();
        var clients = await Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, room)));

        var asking = cluster.Nodes[0].IO.To(room).Timeout(TimeSpan.FromSeconds(4)).EmitWithAckAsync<int>("vote");
        await (await clients[0].NextAsync("vote")).AckAsync(10);
        await (await clients[2].NextAsync("vote")).AckAsync(12);

        var failure = await Assert.ThrowsAsync<BroadcastAckException<int>>(() => asking);
        Assert.Equal([10, 12], failure.Responses.Order());
        Assert.Equal(3, failure.ExpectedCount);
    }

    [Fact]
    [Trait("Behaviour", "97")]
    public async Task Utilities_ActOnSocketsOfOtherNodes()
    {
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var local = await cluster.JoinAsync(cluster.Nodes[0], room);
        var remote = await cluster.JoinAsync(
            cluster.Nodes[1], new { transports = new[] { "websocket" }, auth = new { token = "abc" } }, room);
        var id = (await remote.StateAsync()).Id!;
        var io = cluster.Nodes[0].IO;

        var found = await io.In(room).FetchSocketsAsync();
        var described = Assert.Single(found, socket => socket.Id == id);
        Assert.Equal(2, found.Count);
        Assert.Equal("abc", described.Handshake.Auth.GetString("token"));
        Assert.Equal(new[] { id, room }.Order(), described.Rooms.Order());

        // No await is needed between a join of others and an emit to them.
        var joining = io.In(id).SocketsJoinAsync(other);
        var emitting = io.To(other).EmitAsync("ev", "joined");
        await joining;
        await emitting;
        Assert.Equal("joined", (await remote.NextAsync("ev")).Get<string>());

        await io.In(id).SocketsLeaveAsync(room);
        await io.To(room).EmitAsync("ev", "only local");
        await io.In(room, other).EmitAsync("bye");
        await io.In(room, other).DisconnectSocketsAsync(close: true);

        Assert.Equal("only local", (await local.NextAsync("ev")).Get<string>());
        foreach (var client in new[] { local, remote })
        {
            await client.NextAsync("bye");
            Assert.Equal("io server disconnect", (await client.NextAsync("disconnect")).Get<string>());
        }

        Assert.DoesNotContain(remote.Waiting, e => e.Name == "ev");
    }

    [Fact]
    [Trait("Behaviour", "96")]
    public async Task RemoteSocket_AckOfOne_IsOneValue()
    {
        var room = cluster.NewRoom();
        var client = await cluster.JoinAsync(cluster.Nodes[2], room);
        var remote = Assert.Single(await cluster.Nodes[0].IO.In(room).FetchSocketsAsync());

        var asking = remote.Timeout(Long).EmitWithAckAsync<string>("ask");
        await (await client.NextAsync("ask")).AckAsync("fine");

        Assert.Equal("fine", await asking);
    }

    [Fact]
    [Trait("Behaviour", "98")]
    public async Task ServerSideEmit_ReachesTheOtherNodesOnly()
    {
        using var handlers = new Registrations();
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            var name = $"node {i}";
            handlers.Add(cluster.Nodes[i].IO.OnServerEvent("who", context => context.AckAsync(name).AsTask()));
        }

        var answers = await cluster.Nodes[0].IO.ServerSideEmitWithAckAsync<string>("who");

        Assert.Equal(["node 1", "node 2"], answers.Order());
        Assert.Equal(3, await cluster.Nodes[0].IO.ServerCountAsync());
    }

    [Fact]
    public async Task Counts_AreTheWholeClusters()
    {
        var room = cluster.NewRoom();
        foreach (var node in cluster.Nodes)
        {
            await cluster.JoinAsync(node, room);
        }

        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(3, await node.IO.RoomSizeAsync(room));
        }
    }

    private sealed class Registrations : List<IDisposable>, IDisposable
    {
        public void Dispose() => ForEach(registration => registration.Dispose());
    }
}
