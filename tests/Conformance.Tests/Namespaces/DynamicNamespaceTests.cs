using System.Text.RegularExpressions;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Namespaces;

/// <summary>Namespaces that are made when stock clients ask for them (behaviours 57 and 58, protocol.md 2.4).</summary>
public sealed partial class DynamicNamespaceTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "57")]
    public async Task PatternAndPredicate_AcceptAndRefuse()
    {
        var server = await StartAsync(io =>
        {
            io.Of(Tenant()).OnConnection(socket => socket.EmitAsync("made by", "pattern"));
            io.Of((request, _) => ValueTask.FromResult(request.Name == "/secret" && request.Auth.GetString("token") == "sesame"))
                .OnConnection(socket => socket.EmitAsync("made by", "predicate"));
        });

        var tenant = await Js.ConnectAsync($"{server.Address}tenant-1");
        var secret = await Js.ConnectAsync($"{server.Address}secret", new { auth = new { token = "sesame" } });

        Assert.Equal("pattern", (await tenant.NextAsync("made by")).Get<string>());
        Assert.Equal("predicate", (await secret.NextAsync("made by")).Get<string>());
        Assert.Equal("Invalid namespace", await RefusalAsync(server, "tenant-one"));
        Assert.Equal("Invalid namespace", await RefusalAsync(server, "secret2", new { auth = new { token = "sesame" } }));
    }

    [Fact]
    [Trait("Behaviour", "57")]
    public async Task ExistingNamespace_HasPriorityAndIsNotAskedFor()
    {
        var asked = new List<string>();
        var server = await StartAsync(io =>
        {
            io.Of((request, _) =>
            {
                asked.Add(request.Name);
                return ValueTask.FromResult(true);
            });
            io.Of("/tenant-1").OnConnection(socket => socket.EmitAsync("made by", "code"));
        });

        var existing = await Js.ConnectAsync($"{server.Address}tenant-1");
        await Js.ConnectAsync($"{server.Address}tenant-2");
        await Js.ConnectAsync($"{server.Address}tenant-2");

        Assert.Equal("code", (await existing.NextAsync("made by")).Get<string>());
        Assert.Equal(["/tenant-2"], asked);
    }

    [Fact]
    [Trait("Behaviour", "57")]
    public async Task FirstConnections_AtOnce_MakeTheNamespaceOnce()
    {
        var created = new List<string>();
        var allAsk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = 0;
        var server = await StartAsync(io =>
        {
            io.NamespaceCreated += ns => created.Add(ns.Name);
            io.Of(async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref asking) == 3)
                {
                    allAsk.SetResult();
                }

                await allAsk.Task.WaitAsync(cancellationToken);
                return true;
            });
        });

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Js.ConnectAsync($"{server.Address}race")));

        Assert.Equal(["/race"], created);
        Assert.Equal(3, server.IO.Of("/race").Sockets.Count);
    }

    [Fact]
    [Trait("Behaviour", "57")]
    public async Task Parent_BroadcastsToChildrenAndTheirRooms()
    {
        IParentNamespace tenants = null!;
        var server = await StartAsync(io =>
        {
            tenants = io.Of(Tenant());
            tenants.OnConnection(socket => socket.On("join", async (string room) =>
            {
                await socket.JoinAsync(room);
                return true;
            }));
        });
        var first = await Js.ConnectAsync($"{server.Address}tenant-1");
        var second = await Js.ConnectAsync($"{server.Address}tenant-2");
        var outsider = await Js.ConnectAsync(server.Address.ToString());
        await first.EmitWithAckAsync("join", "room");

        await tenants.EmitAsync("ev", "all");
        await tenants.To("room").EmitAsync("ev", "room");
        await tenants.Except("room").EmitAsync("ev", "others");
        await tenants.EmitAsync("end");
        await server.IO.EmitAsync("end");

        Assert.Equal(["all", "room"], await HeardAsync(first));
        Assert.Equal(["all", "others"], await HeardAsync(second));
        Assert.Empty(await HeardAsync(outsider));
    }

    [Fact]
    [Trait("Behaviour", "58")]
    public async Task Cleanup_AfterTheLastLeave_RemovesTheChildAndTheNextClientMakesItAnew()
    {
        var created = new Inbox<string>(() => "the server");
        var server = await StartAsync(
            io =>
            {
                io.NamespaceCreated += ns => created.Add(ns.Name);
                io.Of(Tenant());
                io.Of("/static");
            },
            options => options.CleanupEmptyChildNamespaces = true);
        await created.TakeAsync(name => name == "/static", "the static namespace");
        var client = await Js.ConnectAsync($"{server.Address}tenant-1");
        var other = await Js.ConnectAsync($"{server.Address}tenant-1");
        var visitor = await Js.ConnectAsync($"{server.Address}static");
        await created.TakeAsync(name => name == "/tenant-1", "the child");

        await other.DisconnectAsync();
        await visitor.DisconnectAsync();
        await NamespaceAsync(server, "/tenant-1", ns => ns!.Sockets.Count == 1);
        await NamespaceAsync(server, "/static", ns => ns!.Sockets.Count == 0);
        await client.DisconnectAsync();
        await NamespaceAsync(server, "/tenant-1", ns => ns is null);

        await client.ConnectAgainAsync();
        await created.TakeAsync(name => name == "/tenant-1", "the child again");
        await Js.ConnectAsync($"{server.Address}static");
        Assert.Empty(created.Waiting);
    }

    [Fact]
    [Trait("Behaviour", "58")]
    public async Task Cleanup_AfterTheFirstClientIsRefused_RemovesTheChild()
    {
        var server = await StartAsync(
            io => io.Of(Tenant()).Use((_, _) => throw new ConnectErrorException("no")),
            options => options.CleanupEmptyChildNamespaces = true);

        Assert.Equal("no", await RefusalAsync(server, "tenant-1"));

        await NamespaceAsync(server, "/tenant-1", ns => ns is null);
    }

    [Fact]
    [Trait("Behaviour", "58")]
    public async Task WithoutCleanup_TheChildStays()
    {
        var server = await StartAsync(io => io.Of(Tenant()), options => options.CleanupEmptyChildNamespaces = false);
        var client = await Js.ConnectAsync($"{server.Address}tenant-1");
        var child = server.IO.Of("/tenant-1");

        await client.DisconnectAsync();
        await NamespaceAsync(server, "/tenant-1", ns => ns!.Sockets.Count == 0);
        await client.ConnectAgainAsync();

        Assert.Same(child, server.IO.Of("/tenant-1"));
    }

    [GeneratedRegex(@"^/tenant-\d+$")]
    private static partial Regex Tenant();

    private async Task<string> RefusalAsync(SocketIOTestServer server, string name, object? options = null)
    {
        var client = await Js.OpenAsync($"{server.Address}{name}", options);
        return (await client.NextAsync("connect_error")).Args[0].GetProperty("message").GetString()!;
    }

    private static async Task<string[]> HeardAsync(JsClient client)
    {
        await client.NextAsync("end");
        return [.. client.Waiting.Where(e => e.Name == "ev").Select(e => e.Get<string>()!)];
    }

    /// <summary>Waits until a namespace is as expected; the server says nothing when a client has left one.</summary>
    private static async Task NamespaceAsync(SocketIOTestServer server, string name, Func<INamespace?, bool> isAsExpected)
    {
        using var limit = new CancellationTokenSource(Inbox<string>.DefaultTimeout);
        while (!isAsExpected(server.IO.Namespaces.SingleOrDefault(ns => ns.Name == name)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
