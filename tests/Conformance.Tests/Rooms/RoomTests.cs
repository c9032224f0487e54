using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Rooms;

/// <summary>Rooms and broadcasts (section J of the acceptance list).</summary>
public sealed class RoomTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "77")]
    public async Task Emit_ToANamespace_ReachesItsClientsOnly()
    {
        var server = await StartAsync(io => io.Of("/x"));
        var main = await Js.ConnectAsync(server.Address.ToString());
        var other = await Js.ConnectAsync(server.Address.ToString());
        var x = await Js.ConnectAsync($"{server.Address}x");

        await server.IO.EmitAsync("ev", "main");
        await server.IO.Of("/x").EmitAsync("ev", "x");
        await EndAsync(server);

        await HeardAsync(main, "main");
        await HeardAsync(other, "main");
        await HeardAsync(x, "x");
    }

    [Fact]
    [Trait("Behaviour", "78")]
    public async Task Broadcast_FromASocket_LeavesItOut()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("go", async _ =>
        {
            await socket.JoinAsync("room");
            await socket.Broadcast.EmitAsync("ev", "broadcast");
            await socket.To("room").EmitAsync("ev", "room");
            await socket.To(socket.Id).EmitAsync("ev", "own id");
            await io.To(socket.Id).EmitAsync("ev", "server to id");
            await io.EmitAsync("end");
        })));
        var first = await Js.ConnectAsync(server.Address.ToString());
        var second = await Js.ConnectAsync(server.Address.ToString());
        await server.IO.In((await second.StateAsync()).Id!).SocketsJoinAsync("room");

        await first.EmitAsync("go");

        await HeardAsync(first, "server to id");
        await HeardAsync(second, "broadcast", "room");
    }

    [Fact]
    [Trait("Behaviour", "79")]
    public async Task Emit_ToSeveralRooms_ReachesEachSocketOnceMinusTheExcepted()
    {
        var server = await StartAsync(io =>
        {
            io.OnConnection(Rooms);
            io.Of("/x").OnConnection(Rooms);

            static void Rooms(ISocket socket) => socket.On("join", async context =>
            {
                await socket.JoinAsync(context.Get<string[]>(0)!);
                await context.AckAsync();
            });
        });
        var ab = await JoinAsync(server, "/", "a", "b");
        var b = await JoinAsync(server, "/", "b");
        var bc = await JoinAsync(server, "/", "b", "c");
        var none = await JoinAsync(server, "/");
        var x = await JoinAsync(server, "/x", "a", "b", "c");
        var idOfB = (await b.StateAsync()).Id!;

        await server.IO.To("a", "b").EmitAsync("ev", "a+b");
        await server.IO.To("a").To("b").Except("c").EmitAsync("ev", "a+b-c");
        await server.IO.Except("b").EmitAsync("ev", "-b");
        await server.IO.To("b").Except(idOfB).EmitAsync("ev", "b-id");
        await server.IO.To("unknown").EmitAsync("ev", "nobody");
        await EndAsync(server);

        await HeardAsync(ab, "a+b", "a+b-c", "b-id");
        await HeardAsync(b, "a+b", "a+b-c");
        await HeardAsync(bc, "a+b", "b-id");
        await HeardAsync(none, "-b");
        await HeardAsync(x);
    }

    [Fact]
    [Trait("Behaviour", "80")]
    public async Task Rooms_OfASocket_FollowJoinsLeavesAndTheDisconnect()
    {
        ISocket? connected = null;
        var disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            connected = socket;
            Assert.Equal([socket.Id], socket.Rooms);
            socket.OnDisconnect(_ => disconnected.SetResult());
            await socket.JoinAsync("a", "b", "c");
            await socket.LeaveAsync("unknown");
            await socket.LeaveAsync("b");
            await socket.EmitAsync("ready");
        }));
        var client = await Js.ConnectAsync(server.Address.ToString());
        await client.NextAsync("ready");

        Assert.Equal([connected!.Id, "a", "c"], connected.Rooms);
        Assert.Equal(new[] { connected.Id, "a", "c" }.Order(), server.IO.Adapter.Rooms.Order());

        await client.DisconnectAsync();
        await disconnected.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await connected.JoinAsync("too late");

        Assert.Empty(connected.Rooms);
        Assert.Empty(server.IO.Adapter.Rooms);
        Assert.Empty(server.IO.Sockets);
    }

    [Fact]
    [Trait("Behaviour", "81")]
    public async Task AdapterEvents_ComeInOrder()
    {
        var events = new List<string>();
        var disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io =>
        {
            io.Adapter.RoomCreated += room => events.Add($"create {room}");
            io.Adapter.RoomDeleted += room => events.Add($"delete {room}");
            io.Adapter.SocketJoinedRoom += (room, _) => events.Add($"join {room}");
            io.Adapter.SocketLeftRoom += (room, _) => events.Add($"leave {room}");
            io.OnConnection(async socket =>
            {
                socket.OnDisconnect(_ => disconnected.SetResult());
                await socket.JoinAsync("a", "b");
                await socket.LeaveAsync("a");
                await socket.EmitAsync("ready");
            });
        });
        var client = await Js.ConnectAsync(server.Address.ToString());
        var ready = await client.NextAsync("ready");
        var id = (await client.StateAsync()).Id;

        await client.DisconnectAsync();
        await disconnected.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(
            [
                $"create {id}", $"join {id}", "create a", "join a", "create b", "join b", "leave a", "delete a",
                $"leave {id}", $"delete {id}", "leave b", "delete b",
            ],
            events);
    }

    [Fact]
    [Trait("Behaviour", "82")]
    public async Task Utilities_ActOnTheSelectedSockets()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("join", async context =>
        {
            await socket.JoinAsync(context.Get<string[]>(0)!);
            await context.AckAsync();
        })));
        var a = await JoinAsync(server, "/", "a");
        var ab = await JoinAsync(server, "/", "a", "b");
        var b = await JoinAsync(server, "/", "b");
        var (idOfA, idOfAB, idOfB) = ((await a.StateAsync()).Id!, (await ab.StateAsync()).Id!, (await b.StateAsync()).Id!);

        Assert.Equal(3, (await server.IO.FetchSocketsAsync()).Count);
        Assert.Equal([idOfA], (await server.IO.In("a").Except("b").FetchSocketsAsync()).Select(socket => socket.Id));
        Assert.Equal([idOfB], (await server.IO.In(idOfB).FetchSocketsAsync()).Select(socket => socket.Id));

        await server.IO.In("a").SocketsJoinAsync("c", "d");
        Assert.Equal(
            new[] { idOfA, idOfAB }.Order(), (await server.IO.In("c").FetchSocketsAsync()).Select(socket => socket.Id).Order());

        await server.IO.In("b").SocketsLeaveAsync("c");
        Assert.Equal([idOfA], (await server.IO.In("c").FetchSocketsAsync()).Select(socket => socket.Id));
        Assert.Contains("d", Assert.Single(await server.IO.In(idOfAB).FetchSocketsAsync()).Rooms);

        await server.IO.In("c").DisconnectSocketsAsync();
        Assert.Equal("io server disconnect", (await a.NextAsync("disconnect")).Get<string>());
        Assert.True((await ab.StateAsync()).Connected);
        await server.IO.Except(idOfB).DisconnectSocketsAsync(close: true);
        Assert.Equal("io server disconnect", (await ab.NextAsync("disconnect")).Get<string>());
        Assert.Equal([idOfB], (await server.IO.FetchSocketsAsync()).Select(socket => socket.Id));
    }

    [Fact]
    [Trait("Behaviour", "83")]
    public async Task Operators_AreNotChangedByTheOnesDerivedFromThem()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("join", async context =>
        {
            await socket.JoinAsync(context.Get<string[]>(0)!);
            await context.AckAsync();
        })));
        var a = await JoinAsync(server, "/", "a");
        var b = await JoinAsync(server, "/", "b");

        var toA = server.IO.To("a");
        _ = toA.To("b").Volatile.Compress(false).Timeout(TimeSpan.FromSeconds(1));
        _ = toA.Except("a");
        await toA.EmitAsync("ev", "a");
        await EndAsync(server);

        await HeardAsync(a, "a");
        await HeardAsync(b);
    }

    private async Task<JsClient> JoinAsync(SocketIOTestServer server, string ns, params string[] rooms)
    {
        var client = await Js.ConnectAsync(server.Address.ToString().TrimEnd('/') + ns);
        await client.EmitWithAckAsync("join", [rooms]);
        return client;
    }

    private static async Task EndAsync(SocketIOTestServer server)
    {
        foreach (var ns in server.IO.Namespaces)
        {
            await ns.EmitAsync("end");
        }
    }

    /// <summary>Everything emitted before <c>end</c> has arrived when it has.</summary>
    private static async Task HeardAsync(JsClient client, params string[] expected)
    {
        await client.NextAsync("end");
        Assert.Equal(expected, client.Waiting.Where(e => e.Name == "ev").Select(e => e.Get<string>()!));
    }
}
