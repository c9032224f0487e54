using OrleansRooms.Emitter;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>
/// Every line of Socket.IO's emitter cheat sheet, from a worker that is no server and from a grain, to stock clients on three nodes.
/// </summary>
[Trait("Behaviour", "100")]
[Collection(ThreeNodes.Collection)]
public sealed class EmitterTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private ISocketIOEmitter Emitter => cluster.Emitter;

    [Fact]
    public async Task Emit_ReachesEverybodyInTheNamespaceOnEveryNode()
    {
        var main = await EverywhereAsync("");
        var admin = await EverywhereAsync("admin");

        await Emitter.EmitAsync("ev", "main", 1, new byte[] { 0, 255 }, new { deep = new byte[] { 1 } });
        await Emitter.Of("/admin").EmitAsync("ev", "admin");
        await Emitter.Of("admin").EmitAsync("end");
        await Emitter.EmitAsync("end");

        foreach (var client in main)
        {
            var heard = await client.NextAsync("ev");
            Assert.Equal(("main", 1), (heard.Get<string>(0), heard.Get<int>(1)));
            Assert.Equal([0, 255], heard.Get<byte[]>(2)!);
            Assert.Equal([1], heard.Args[3].GetProperty("deep").As<byte[]>()!);
        }

        foreach (var client in admin)
        {
            Assert.Equal("admin", (await client.NextAsync("ev")).Get<string>());
        }

        foreach (var client in main.Concat(admin))
        {
            await client.NextAsync("end");
            Assert.DoesNotContain(client.Waiting, e => e.Name == "ev");
        }
    }

    [Fact]
    public async Task To_Except_ReachEachSocketOnce()
    {
        var (a, b, c) = (cluster.NewRoom(), cluster.NewRoom(), cluster.NewRoom());
        var inA = await cluster.JoinAsync(0, a);
        var inAB = await cluster.JoinAsync(1, a, b);
        var inBC = await cluster.JoinAsync(2, b, c);
        var id = (await inBC.StateAsync()).Id!;

        // Kept and used again: operators do not change.
        var toA = Emitter.To(a);
        await toA.EmitAsync("ev", "a");
        await toA.To(b).EmitAsync("ev", "a+b");
        await Emitter.To(a, b).Except(c).EmitAsync("ev", "a+b-c");
        await Emitter.In(id).EmitAsync("ev", "one");
        await Emitter.To(a, b).Except(id).EmitAsync("ev", "but one");
        await Emitter.To("unknown").EmitAsync("ev", "nobody");
        await Emitter.To(a, b).EmitAsync("end");

        await ThreeNodes.HeardAsync(inA, "a", "a+b", "a+b-c", "but one");
        await ThreeNodes.HeardAsync(inAB, "a", "a+b", "a+b-c", "but one");
        await ThreeNodes.HeardAsync(inBC, "a+b", "one");
    }

    [Fact]
    public async Task Volatile_ReachesThoseWhoCanTakeItNow()
    {
        var room = cluster.NewRoom();
        var client = await cluster.JoinAsync(1, room);

        // Whether the connection is just busy with something else is not known here.
        var heard = client.NextAsync("ev");
        while (!heard.IsCompleted)
        {
            await Emitter.To(room).Volatile.Compress(false).EmitAsync("ev", "now");
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        Assert.Equal("now", (await heard).Get<string>());
    }

    [Fact]
    public async Task SocketsJoin_SocketsLeave_OneAndMany()
    {
        var (room, x, y, z) = (cluster.NewRoom(), cluster.NewRoom(), cluster.NewRoom(), cluster.NewRoom());
        var clients = new[] { await cluster.JoinAsync(0, room), await cluster.JoinAsync(1, room), await cluster.JoinAsync(2) };
        var id = (await clients[2].StateAsync()).Id!;

        // No await is needed between a join and an emit to the room.
        var joining = Emitter.In(room).SocketsJoinAsync(x);
        await Emitter.To(x).EmitAsync("ev", "x");
        await joining;
        Assert.Equal(2, await Emitter.RoomSizeAsync(x));
        await Emitter.In(room).SocketsJoinAsync(y, z);
        await Emitter.In(id).SocketsJoinAsync(y);
        await Emitter.To(y).EmitAsync("ev", "y");
        Assert.Equal(3, await Emitter.RoomSizeAsync(y));
        await Emitter.In(room).SocketsLeaveAsync(x);
        await Emitter.To(x).EmitAsync("ev", "nobody");
        await Emitter.In(room).SocketsLeaveAsync([y, z]);
        await Emitter.To(y, z).EmitAsync("ev", "the third");
        await Emitter.EmitAsync("end");

        await ThreeNodes.HeardAsync(clients[0], "x", "y");
        await ThreeNodes.HeardAsync(clients[1], "x", "y");
        await ThreeNodes.HeardAsync(clients[2], "y", "the third");
    }

    [Fact]
    public async Task SocketsJoin_InAnotherNamespace()
    {
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var admin = await cluster.JoinAsync(cluster.Nodes[1], "admin", ThreeNodes.WebSocket, room);
        var main = await cluster.JoinAsync(1, room);

        await Emitter.Of("/admin").In(room).SocketsJoinAsync(other);
        await Emitter.Of("/admin").To(other).EmitAsync("ev", "there");
        await Emitter.Of("/admin").In(room).SocketsLeaveAsync(other);
        await Emitter.Of("/admin").To(other).EmitAsync("ev", "no more");
        await Emitter.Of("/admin").To(room).EmitAsync("end");
        await Emitter.To(other).EmitAsync("ev", "not here");
        await Emitter.To(room).EmitAsync("end");

        await ThreeNodes.HeardAsync(admin, "there");
        await ThreeNodes.HeardAsync(main);
    }

    // A namespace that no other test uses, since everybody in it is meant.
    [Fact]
    public async Task WithoutRooms_EverySocketOfTheNamespaceJoinsLeavesAndIsDisconnected()
    {
        var everybody = Emitter.Of("everybody");
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var clients = await EverywhereAsync("everybody");

        await everybody.SocketsJoinAsync(room);
        await everybody.To(room).EmitAsync("ev", "in one");
        await everybody.SocketsJoinAsync([room, other]);
        await everybody.To(other).EmitAsync("ev", "in both");
        Assert.Equal((3, 3), (await everybody.RoomSizeAsync(room), await everybody.RoomSizeAsync(other)));
        await everybody.SocketsLeaveAsync(room);
        await everybody.To(room).EmitAsync("ev", "nobody");
        await everybody.SocketsLeaveAsync([room, other]);
        await everybody.To(room, other).EmitAsync("ev", "nobody");
        await everybody.EmitAsync("end");
        await everybody.DisconnectSocketsAsync();

        foreach (var client in clients)
        {
            await ThreeNodes.HeardAsync(client, "in one", "in both");
            Assert.Equal("io server disconnect", (await client.NextAsync("disconnect")).Get<string>());
        }
    }

    [Fact]
    public async Task DisconnectSockets_WithAndWithoutTheirConnections()
    {
        var (leave, close) = (cluster.NewRoom(), cluster.NewRoom());
        // Two namespaces on one connection each.
        var shared = new { transports = new[] { "websocket" }, forceNew = false, reconnection = false };
        await using var js = JsClients.Start();
        var (kept, left) = await PairAsync(0, leave);
        var (lost, closed) = await PairAsync(1, close);
        var one = await cluster.JoinAsync(2);

        await Emitter.Of("/admin").In(leave, close).EmitAsync("bye");
        await Emitter.Of("/admin").In(leave).DisconnectSocketsAsync();
        await Emitter.Of("/admin").In(close).DisconnectSocketsAsync(close: true);
        await Emitter.In((await one.StateAsync()).Id!).DisconnectSocketsAsync(true);

        foreach (var client in new[] { left, closed })
        {
            await client.NextAsync("bye");
        }

        Assert.Equal("io server disconnect", (await left.NextAsync("disconnect")).Get<string>());
        await closed.NextAsync("disconnect");
        await lost.NextAsync("disconnect");
        await one.NextAsync("disconnect");
        Assert.True((await kept.StateAsync()).Connected);

        async Task<(JsClient Main, JsClient Admin)> PairAsync(int node, string room)
        {
            var main = await js.ConnectAsync($"{cluster.Nodes[node].Address}", shared);
            var admin = await js.ConnectAsync($"{cluster.Nodes[node].Address}admin", shared);
            await admin.EmitWithAckAsync("join", [new[] { room }]);
            return (main, admin);
        }
    }

    [Fact]
    public async Task ServerSideEmit_ReachesAllServersAndNoneIsTheEmitter()
    {
        var heard = new List<Task<string>>();
        var registrations = new List<IDisposable>();
        foreach (var (node, i) in cluster.Nodes.Select((node, i) => (node, i)))
        {
            var got = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            heard.Add(got.Task);
            registrations.Add(node.IO.OnServerEvent<string>("hello", word => got.TrySetResult($"{word} {i}")));
            registrations.Add(node.IO.OnServerEvent("who", context => context.AckAsync($"node {i}").AsTask()));
            registrations.Add(node.IO.Of("/admin").OnServerEvent("who", context => context.AckAsync($"admin {i}").AsTask()));
        }

        await Emitter.ServerSideEmitAsync("hello", "world");
        var answers = await Emitter.ServerSideEmitWithAckAsync<string>("who");
        var adminAnswers = await Emitter.Of("/admin").ServerSideEmitWithAckAsync<string>("who");

        Assert.Equal(["world 0", "world 1", "world 2"], await Task.WhenAll(heard).WaitAsync(Long));
        Assert.Equal(["node 0", "node 1", "node 2"], answers.Order());
        Assert.Equal(["admin 0", "admin 1", "admin 2"], adminAnswers.Order());
        Assert.Equal(3, await cluster.Nodes[0].IO.ServerCountAsync());
        Assert.Equal(3, await Emitter.ServerCountAsync());
        registrations.ForEach(registration => registration.Dispose());
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public async Task ReservedName_IsRefused(string name)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await Emitter.To("room").EmitAsync(name));

        Assert.Equal($"\"{name}\" is a reserved event name", refused.Message);
    }

    [Fact]
    public async Task Order_OfDifferentKindsAndSizes_IsThatOfTheCalls()
    {
        var room = cluster.NewRoom();
        var clients = new[] { await cluster.JoinAsync(0, room), await cluster.JoinAsync(1, room), await cluster.JoinAsync(2, room) };

        const int count = 300;
        var calls = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            // Not awaited one by one: the place in the queue is taken at once.
            if (i % 50 == 7)
            {
                calls.Add(Emitter.In(room).SocketsJoinAsync($"{room}-{i}").AsTask());
            }

            calls.Add(Emitter.To(i % 50 == 7 ? $"{room}-{i}" : room).EmitAsync("ev", i, new byte[i % 10 == 0 ? 100_000 : 10]).AsTask());
        }

        await Emitter.To(room).EmitAsync("end");
        await Task.WhenAll(calls);
        await Emitter.In(room).DisconnectSocketsAsync(close: true);

        foreach (var client in clients)
        {
            await client.NextAsync("end");
            Assert.Equal(Enumerable.Range(0, count), client.Waiting.Where(e => e.Name == "ev").Select(e => e.Get<int>()));
            await client.NextAsync("disconnect");
        }
    }

    [Fact]
    public async Task Grain_EmitsAsksAndMovesSockets()
    {
        var (room, other) = (cluster.NewRoom(), cluster.NewRoom());
        var clients = new[] { await cluster.JoinAsync(0, room), await cluster.JoinAsync(1, room), await cluster.JoinAsync(2, room) };
        var grain = cluster.Grains.GetGrain<IAnnouncerGrain>(room);

        await grain.AnnounceAsync(20);
        var asking = grain.AskAsync("fine?");
        foreach (var client in clients)
        {
            for (var i = 1; i <= 20; i++)
            {
                Assert.Equal(i, (await client.NextAsync("ev")).Get<int>());
            }

            var asked = await client.NextAsync("ask");
            Assert.Equal("fine?", asked.Get<string>());
            await asked.AckAsync("yes");
        }

        Assert.Equal(["yes", "yes", "yes"], await asking);
        Assert.Equal(3, await grain.MoveAsync(other));
    }

    private Task<JsClient[]> EverywhereAsync(string ns) =>
        Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, ns, ThreeNodes.WebSocket)));
}
