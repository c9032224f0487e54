using System.Text.RegularExpressions;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Namespaces;

/// <summary>Dynamic namespaces and their parents (protocol.md 2.4; behaviours 57, 58).</summary>
public sealed partial class DynamicNamespaceTests
{
    private readonly TestServer _server = new();
    private readonly Inbox<string> _created = new(() => "the server");

    public DynamicNamespaceTests()
    {
        TestClient.AnswerPings(_server.Io);
        _server.Io.NamespaceCreated += ns => _created.Add(ns.Name);
    }

    [Fact]
    public async Task Pattern_LetsMatchingNamesIn()
    {
        var parent = _server.Io.Of(DynamicName());
        parent.OnConnection(socket => socket.EmitAsync("welcome", socket.Namespace.Name));
        var client = _server.Open();

        client.Say("40/dynamic-abc,");
        await client.ExpectAsync("""44/dynamic-abc,{"message":"Invalid namespace"}""");
        await client.EnterAsync("/dynamic-1");

        await client.ExpectAsync("""42/dynamic-1,["welcome","/dynamic-1"]""");
        Assert.Equal("/dynamic-1", await _created.TakeAsync(_ => true, "the namespace"));
        Assert.Equal("/dynamic-1", Assert.Single(parent.Children).Name);
    }

    [Fact]
    public async Task Name_LongerThanPatternsSee_IsRefusedWithoutAskingThem()
    {
        var asked = new List<int>();
        _server.Io.Of((request, _) =>
        {
            asked.Add(request.Name.Length);
            return ValueTask.FromResult(true);
        });
        var client = _server.Open();
        var longest = "/" + new string('n', 1023);

        client.Say($"40{longest}n,");
        await client.ExpectAsync($$"""44{{longest}}n,{"message":"Invalid namespace"}""");
        await client.EnterAsync(longest);

        Assert.Equal([1024], asked);
    }

    [Fact]
    public async Task Predicate_IsAskedWithAuthAndOnlyUntilTheNamespaceExists()
    {
        var asked = 0;
        _server.Io.Of((request, _) =>
        {
            asked++;
            return ValueTask.FromResult(request.Auth.GetString("token") == "sesame" && request.Name == "/cave"
                && !request.User.Identity!.IsAuthenticated);
        });
        var client = _server.Open();

        client.Say("""40/cave,{"token":"barley"}""");
        await client.ExpectAsync("""44/cave,{"message":"Invalid namespace"}""");
        await client.EnterAsync("/cave", """{"token":"sesame"}""");
        var other = await _server.ConnectAsync("/cave");

        Assert.Equal(2, asked);
        Assert.NotEqual(client.SocketIds["/cave"], other.SocketIds["/cave"]);
    }

    [Fact]
    public async Task Matchers_AreTriedInOrder_ErrorsAndNoGoOn()
    {
        _server.Io.Of((_, _) => throw new InvalidOperationException("broken"));
        _server.Io.Of((_, _) => ValueTask.FromResult(false));
        var third = _server.Io.Of((_, _) => ValueTask.FromResult(true));
        var fourth = _server.Io.Of(DynamicName());

        await _server.ConnectAsync("/dynamic-1");

        Assert.Single(third.Children);
        Assert.Empty(fourth.Children);
    }

    [Fact]
    public async Task ExistingNamespace_ComesBeforeMatchers()
    {
        var parent = _server.Io.Of((_, _) => ValueTask.FromResult(true));
        _server.Io.Of("/static").OnConnection(socket => socket.EmitAsync("static"));

        var client = await _server.ConnectAsync("/static");

        await client.ExpectAsync("""42/static,["static"]""");
        Assert.Empty(parent.Children);
    }

    [Fact]
    public async Task Child_InheritsWhatTheParentHasWhenItIsMade()
    {
        var parent = _server.Io.Of(DynamicName());
        parent.Use(async (socket, next) =>
        {
            await socket.JoinAsync("inherited");
            await next();
        });
        parent.OnConnection(socket => socket.EmitAsync("first", string.Join(',', socket.Rooms.Where(room => room != socket.Id))));
        var one = await _server.ConnectAsync("/dynamic-1");
        await one.ExpectAsync("""42/dynamic-1,["first","inherited"]""");

        parent.OnConnection(socket => socket.EmitAsync("second"));
        var two = await _server.ConnectAsync("/dynamic-2");
        await two.ExpectAsync("""42/dynamic-2,["first","inherited"]""", """42/dynamic-2,["second"]""");
        await one.EnterAsync("/dynamic-2");
        var again = await _server.ConnectAsync("/dynamic-1");
        await again.ExpectAsync("""42/dynamic-1,["first","inherited"]""");
        Assert.Empty(again.Waiting);
    }

    [Fact]
    public void Of_NameThatMatchesAPattern_IsAChild()
    {
        var parent = _server.Io.Of(DynamicName());
        var connections = 0;
        parent.OnConnection(_ => { connections++; });

        var child = _server.Io.Of("/dynamic-101");

        Assert.Same(child, Assert.Single(parent.Children));
        Assert.Same(child, _server.Io.Of("dynamic-101"));
    }

    [Fact]
    public async Task ConcurrentFirstConnections_MakeTheNamespaceOnce()
    {
        var gate = new TaskCompletionSource();
        var asked = new Inbox<string>(() => "the predicate");
        _server.Io.Of(async (_, _) =>
        {
            asked.Add("asked");
            await gate.Task;
            return true;
        });
        var clients = Enumerable.Range(0, 4).Select(_ => _server.Open()).ToArray();
        foreach (var client in clients)
        {
            client.Say("40/race,");
        }

        for (var i = 0; i < clients.Length; i++)
        {
            await asked.TakeAsync(_ => true, "every client's question");
        }

        gate.SetResult();
        foreach (var client in clients)
        {
            Assert.StartsWith("40/race,{", await client.NextAsync());
        }

        await _created.TakeAsync(_ => true, "the namespace");
        Assert.Empty(_created.Waiting);
        Assert.Equal(4, _server.Io.Of("/race").Sockets.Count);
    }

    [Fact]
    public async Task Parent_EmitsToAllChildrenAndTheirRooms()
    {
        var parent = _server.Io.Of(DynamicName());
        parent.OnConnection(socket => socket.On("join", (EventContext c) => socket.JoinAsync("room")));
        var one = await _server.ConnectAsync("/dynamic-1");
        var two = await _server.ConnectAsync("/dynamic-2");
        await _server.Io.Of("/dynamic-2").SocketsJoinAsync("room");

        await parent.EmitAsync("all", 1);
        await parent.To("room").EmitAsync("room");
        await parent.Except("room").EmitAsync("not room");

        await one.ExpectAsync("""42/dynamic-1,["all",1]""", """42/dynamic-1,["not room"]""");
        await two.ExpectAsync("""42/dynamic-2,["all",1]""", """42/dynamic-2,["room"]""");
        Assert.Throws<ArgumentException>(() => { _ = parent.EmitAsync("connect").AsTask(); });
    }

    [Fact]
    public void Parent_WhatItCannotDo_Throws()
    {
        var parent = _server.Io.Of(DynamicName());

        Assert.Throws<NotSupportedException>(() => { _ = parent.FetchSocketsAsync(); });
        Assert.Throws<NotSupportedException>(() => { _ = parent.SocketsJoinAsync("a").AsTask(); });
        Assert.Throws<NotSupportedException>(() => { _ = parent.SocketsLeaveAsync("a").AsTask(); });
        Assert.Throws<NotSupportedException>(() => { _ = parent.DisconnectSocketsAsync().AsTask(); });
        Assert.Throws<NotSupportedException>(() => { _ = parent.Timeout(TimeSpan.FromSeconds(1)).EmitWithAckAsync<int>("x"); });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cleanup_WhenTheLastSocketLeaves_GoesByTheOption(bool cleanup)
    {
        var server = new TestServer(o => o.CleanupEmptyChildNamespaces = cleanup);
        var parent = server.Io.Of(DynamicName());
        server.Io.Of("/static");
        var client = await server.ConnectAsync("/dynamic-1");
        var other = await server.ConnectAsync("/dynamic-1");
        await client.EnterAsync("/static");
        var child = server.Io.Of("/dynamic-1");

        await child.Sockets[client.SocketIds["/dynamic-1"]].DisconnectAsync();
        Assert.Same(child, server.Io.Of("/dynamic-1"));
        await child.Sockets[other.SocketIds["/dynamic-1"]].DisconnectAsync();
        await server.Io.Of("/static").Sockets[client.SocketIds["/static"]].DisconnectAsync();

        // The disconnect completes when the rooms are left; the namespace goes right after.
        if (cleanup)
        {
            while (parent.Children.Count > 0)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(cleanup ? 0 : 1, parent.Children.Count);
        Assert.Contains(server.Io.Namespaces, ns => ns.Name == "/static");
        await client.ExpectAsync("41/dynamic-1,", "41/static,");
        await client.EnterAsync("/dynamic-1");
        Assert.Equal(!cleanup, ReferenceEquals(child, Assert.Single(parent.Children)));
    }

    [Fact]
    public async Task Cleanup_WhenTheOnlyCandidateIsRefused_RemovesTheChild()
    {
        var server = new TestServer(o => o.CleanupEmptyChildNamespaces = true);
        var parent = server.Io.Of(DynamicName());
        parent.Use((_, _) => throw new ConnectErrorException("no"));
        var client = server.Open();

        client.Say("40/dynamic-1,");

        await client.ExpectAsync("""44/dynamic-1,{"message":"no"}""");
        while (parent.Children.Count > 0)
        {
            await Task.Yield();
        }

        Assert.DoesNotContain(server.Io.Namespaces, ns => ns.Name == "/dynamic-1");
    }

    [Fact]
    public async Task Cleanup_RacingWithNewcomers_NeverStrandsThem()
    {
        var server = new TestServer(o => o.CleanupEmptyChildNamespaces = true);
        var parent = server.Io.Of(DynamicName());
        parent.OnConnection(socket => socket.On("ping", (EventContext c) => c.AckAsync()));

        await Parallel.ForAsync(0, 200, async (_, _) =>
        {
            var client = await server.ConnectAsync("/dynamic-1");
            client.Say("""42/dynamic-1,5["ping"]""");
            await client.ExpectAsync("43/dynamic-1,5[]");
            var child = server.Io.Of("/dynamic-1");
            Assert.True(child.Sockets.ContainsKey(client.SocketIds["/dynamic-1"]));
            client.Say("41/dynamic-1,");
        });
    }

    [Fact]
    public async Task AdapterFactory_ThatFails_RefusesTheClientAndTheNextMayBeLucky()
    {
        var factory = new UnluckyFactory();
        var server = new TestServer(adapters: factory);
        server.Io.Of(DynamicName());
        var client = server.Open();
        factory.Fails = true;

        client.Say("40/dynamic-1,");
        await client.ExpectAsync("""44/dynamic-1,{"message":"Internal server error"}""");
        factory.Fails = false;

        await client.EnterAsync("/dynamic-1");
    }

    [GeneratedRegex(@"^/dynamic-\d+$")]
    private static partial Regex DynamicName();

    private sealed class UnluckyFactory : Adapters.IAdapterFactory
    {
        public bool Fails { get; set; }

        public Adapters.IAdapter Create(Adapters.IAdapterNamespace ns) =>
            Fails ? throw new InvalidOperationException("no adapter") : new StandInAdapters().Create(ns);
    }
}
