using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Namespaces;

/// <summary>Namespaces as stock clients use them (section G of the acceptance list).</summary>
public sealed class NamespaceTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "59")]
    public async Task Namespaces_OfOneClient_ShareItsConnection()
    {
        string[] names = ["/", "/one", "/two", "/three"];
        var server = await StartAsync(io =>
        {
            foreach (var name in names)
            {
                io.Of(name).OnConnection(socket => socket.On("where", context => context.AckAsync(name)));
            }
        });

        var url = server.Address.ToString().TrimEnd('/');
        var first = await Js.ConnectAsync(url + names[0], new { forceNew = false });
        var clients = new List<JsClient> { first };
        foreach (var name in names[1..])
        {
            clients.Add(await Js.ConnectAsync(url + name, new { forceNew = false }));
        }

        var sessions = new HashSet<string>();
        foreach (var (client, name) in clients.Zip(names))
        {
            sessions.Add((await client.RunAsync("(socket) => socket.io.engine.id")).GetString()!);
            Assert.Equal(name, (await client.EmitWithAckAsync("where")).GetString());
        }

        Assert.Single(sessions);

        await clients[1].DisconnectAsync();
        Assert.Equal("/two", (await clients[2].EmitWithAckAsync("where")).GetString());
        Assert.Equal("/", (await first.EmitWithAckAsync("where")).GetString());
    }

    [Fact]
    [Trait("Behaviour", "84")]
    public async Task Middlewares_RunInOrderForTheirNamespaceOnly()
    {
        var ran = new List<string>();
        var server = await StartAsync(io =>
        {
            io.Use(async (_, next) =>
            {
                ran.Add("first");
                await Task.Yield();
                await next();
            });
            io.Use((_, next) =>
            {
                ran.Add("second");
                return next();
            });
            io.Of("/chat").Use((_, next) =>
            {
                ran.Add("chat");
                return next();
            });
        });

        await Js.ConnectAsync($"{server.Address}chat");
        Assert.Equal(["chat"], ran);

        ran.Clear();
        await Js.ConnectAsync(server.Address.ToString());
        Assert.Equal(["first", "second"], ran);
    }

    [Fact]
    [Trait("Behaviour", "84")]
    public async Task Middleware_Refuses_ClientGetsMessageAndDataAndStaysElsewhere()
    {
        var connected = false;
        var server = await StartAsync(io =>
        {
            io.OnConnection(socket => socket.On("echo", (int n) => n));
            io.Of("/vip").Use((_, _) => throw new ConnectErrorException("not authorized", new { content = "Please retry later" }));
            io.Of("/vip").Use((_, next) =>
            {
                connected = true;
                return next();
            });
            io.Of("/vip").OnConnection(_ => connected = true);
        });
        var main = await Js.ConnectAsync(server.Address.ToString(), new { forceNew = false });

        var vip = await Js.OpenAsync($"{server.Address}vip", new { forceNew = false });
        var error = (await vip.NextAsync("connect_error")).Args[0];

        Assert.Equal("not authorized", error.GetProperty("message").GetString());
        Assert.Equal("Please retry later", error.GetProperty("data").GetProperty("content").GetString());
        Assert.False(connected);
        Assert.Equal(7, (await main.EmitWithAckAsync("echo", 7)).GetInt32());
    }

    [Fact]
    [Trait("Behaviour", "85")]
    public async Task Middleware_ClientLeavesMeanwhile_ConnectionIsNotReported()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connected = false;
        var server = await StartAsync(io =>
        {
            io.Adapter.RoomDeleted += _ => left.TrySetResult();
            io.Use(async (socket, next) =>
            {
                await socket.JoinAsync("joined in a middleware");
                entered.SetResult();
                await left.Task;
                await next();
                finished.SetResult();
            });
            io.OnConnection(_ => connected = true);
        });
        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await polling.SendAsync("1");
        await finished.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(connected);
        Assert.Empty(server.IO.Sockets);
        Assert.Empty(server.IO.Adapter.Rooms);
    }
}
