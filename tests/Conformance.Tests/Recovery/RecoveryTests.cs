using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.MessagePack;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Recovery;

/// <summary>Stock clients that lose their connection and come back (section L of the acceptance list).</summary>
public sealed class RecoveryTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> TransportsAndParsers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var transport in new[] { "polling", "websocket", "upgrade" })
            {
                data.Add(transport, "json");
                data.Add(transport, "msgpack");
            }

            return data;
        }
    }

    [Theory]
    [Trait("Behaviour", "92")]
    [MemberData(nameof(TransportsAndParsers))]
    public async Task Client_ComesBack_IsTheSameSocketAndGetsWhatItMissed(string transport, string parser)
    {
        var sockets = new List<ISocket>();
        var gone = new TaskCompletionSource();
        var back = new TaskCompletionSource();
        var server = await StartAsync(parser, io => io.OnConnection(async socket =>
        {
            sockets.Add(socket);
            socket.OnDisconnect(_ => gone.TrySetResult());
            if (socket.Recovered)
            {
                back.SetResult();
            }
            else
            {
                socket.Data.Set("name", "alice");
                await socket.JoinAsync("room");
                await socket.EmitAsync("welcome");
            }
        }));
        var client = await Js.ConnectAsync(server.Address.ToString(), ClientOptions(transport, parser));
        await client.NextAsync("welcome");
        if (transport == "upgrade")
        {
            await client.NextAsync("$upgrade");
        }

        var id = (await client.StateAsync()).Id!;
        await client.DropAsync();
        await gone.Task.WaitAsync(Long);
        await client.NextAsync("disconnect");

        await server.IO.EmitAsync("to all", 1);
        await server.IO.To("room").EmitAsync("to room", new byte[] { 1, 2, 3 }, new { deep = new[] { new byte[] { 4 } } });
        await sockets[0].EmitAsync("to id", "x");
        await server.IO.To("other room").EmitAsync("to another room");
        await server.IO.Except("room").EmitAsync("to all but the room");
        await server.IO.Volatile.EmitAsync("volatile");
        await client.ConnectAgainAsync();

        Assert.Equal(
            ["to all", "to room", "to id"],
            client.Waiting.Where(e => e.Name.StartsWith("to ", StringComparison.Ordinal)).Select(e => e.Name));
        var toRoom = await client.NextAsync("to room");
        Assert.Equal([1, 2, 3], toRoom.Get<byte[]>());
        Assert.Equal([4], toRoom.Args[1].GetProperty("deep")[0].As<byte[]>());
        var state = await client.StateAsync();
        Assert.Equal((id, true), (state.Id, state.Recovered));
        await back.Task.WaitAsync(Long);
        Assert.Equal(2, sockets.Count);
        Assert.Equal((id, true), (sockets[1].Id, sockets[1].Recovered));
        Assert.Equal([id, "room"], sockets[1].Rooms);
        Assert.Equal("alice", sockets[1].Data.Get<string>("name"));

        await server.IO.To("room").EmitAsync("after", 1);
        Assert.Equal(1, (await client.NextAsync("after")).Get<int>());
    }

    [Theory]
    [Trait("Behaviour", "92")]
    [InlineData("volatile")]
    [InlineData("volatile text")]
    [InlineData("volatile broadcast")]
    [InlineData("middleware")]
    public async Task Client_WhoseLastEventEndsInAStringAndIsNotKept_ComesBackAndGetsWhatItMissedOnce(string last)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync("json", io =>
        {
            io.Use(async (socket, next) =>
            {
                if (last == "middleware") await socket.EmitAsync("last");
                await next();
            });
            io.OnConnection(async socket =>
            {
                socket.OnDisconnect(_ => gone.TrySetResult());
                socket.On("ask", async context =>
                {
                    await (last switch
                    {
                        "volatile" => socket.Volatile.EmitAsync("last"),
                        "volatile text" => socket.Volatile.EmitAsync("last", "text"),
                        _ => io.Volatile.EmitAsync("last"),
                    });
                    await context.AckAsync(true);
                });
                if (last != "middleware" && !socket.Recovered) await socket.EmitAsync("missed by nobody");
            });
        });
        await server.IO.EmitAsync("missed by nobody");
        var client = await Js.ConnectAsync(server.Address.ToString(), ClientOptions("websocket", "json"));
        if (last != "middleware") await client.NextAsync("missed by nobody");

        // A volatile event is dropped when something else is on its way.
        var next = client.NextAsync("last");
        while (last != "middleware" && !next.IsCompleted) await client.EmitWithAckAsync("ask");
        await next;
        var id = (await client.StateAsync()).Id!;
        await client.DropAsync();
        await gone.Task.WaitAsync(Long);
        await server.IO.EmitAsync("missed", 1);
        await client.ConnectAgainAsync();

        Assert.Equal(1, (await client.NextAsync("missed")).Get<int>());
        var state = await client.StateAsync();
        Assert.Equal((id, true), (state.Id, state.Recovered));
        Assert.DoesNotContain(client.Waiting, e => e.Name.StartsWith("missed", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Behaviour", "92")]
    [MemberData(nameof(PlainTransports))]
    public async Task Client_ReconnectsByItself_AsTheSameSocket(string transport)
    {
        // Nothing comes back to a client that is faster than the server's notice of its loss.
        var gone = Task.CompletedTask;
        var server = await StartAsync("json", io => io.OnConnection(socket => socket.EmitAsync("welcome")), app: app =>
            app.Use(async (HttpContext context, RequestDelegate next) =>
            {
                if (!context.Request.Query.ContainsKey("sid")) await gone;
                await next(context);
            }));
        var client = await Js.ConnectAsync(
            server.Address.ToString(), new { transports = new[] { transport }, reconnectionDelay = 50, reconnectionDelayMax = 50 });
        await client.NextAsync("welcome");
        var id = (await client.StateAsync()).Id;

        // More than once: what was given back is kept again when it is lost again.
        for (var i = 0; i < 3; i++)
        {
            gone = WhenGone(server, id!);
            await client.DropAsync();
            await gone;
            await client.NextAsync("disconnect");
            var again = await client.NextAsync("connect");
            await client.NextAsync("welcome");

            Assert.Equal(id, again.Args[0].GetProperty("id").GetString());
            Assert.True(again.Args[0].GetProperty("recovered").GetBoolean());
        }
    }

    [Theory]
    [Trait("Behaviour", "93")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_AfterAWantedDisconnect_BeginsAnew(bool byServer)
    {
        var server = await StartAsync("json", io => io.OnConnection(socket => socket.EmitAsync("welcome")));
        var client = await Js.ConnectAsync(server.Address.ToString(), ClientOptions("websocket", "json"));
        await client.NextAsync("welcome");
        var id = (await client.StateAsync()).Id!;
        var gone = WhenGone(server, id);

        await (byServer ? server.IO.Sockets[id].DisconnectAsync().AsTask() : client.DisconnectAsync());
        await gone;
        await client.NextAsync("disconnect");
        await client.ConnectAgainAsync();

        var state = await client.StateAsync();
        Assert.NotEqual(id, state.Id);
        Assert.False(state.Recovered);
        Assert.False(server.IO.Sockets[state.Id!].Recovered);
    }

    [Theory]
    [Trait("Behaviour", "94")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Middlewares_OfAClientThatComesBack_AreSkippedAsConfigured(bool skip)
    {
        var passes = 0;
        var server = await StartAsync(
            "json",
            io =>
            {
                io.Use((_, next) =>
                {
                    Interlocked.Increment(ref passes);
                    return next();
                });
                io.OnConnection(socket => socket.EmitAsync("welcome"));
            },
            skipMiddlewares: skip);
        var client = await Js.ConnectAsync(server.Address.ToString(), ClientOptions("websocket", "json"));
        await client.NextAsync("welcome");
        var gone = WhenGone(server, (await client.StateAsync()).Id!);
        await client.DropAsync();
        await gone;
        await client.NextAsync("disconnect");

        await client.ConnectAgainAsync();

        Assert.True((await client.StateAsync()).Recovered);
        Assert.Equal(skip ? 1 : 2, passes);
    }

    private Task<SocketIOTestServer> StartAsync(
        string parser, Action<ISocketIOServer> io, bool skipMiddlewares = true, Action<WebApplication>? app = null) => StartAsync(
        io,
        options => options.ConnectionStateRecovery = new ConnectionStateRecoveryOptions { SkipMiddlewares = skipMiddlewares },
        builder =>
        {
            if (parser == "msgpack")
            {
                builder.Services.AddSingleton<IPacketParser>(new MessagePackPacketParser());
            }
        },
        app);

    private static object ClientOptions(string transport, string parser) => new
    {
        transports = transport == "upgrade" ? new[] { "polling", "websocket" } : [transport],
        parser = parser == "json" ? null : parser,
        reconnection = false,
    };

    private static Task WhenGone(SocketIOTestServer server, string id)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.IO.Sockets[id].OnDisconnect(_ => gone.TrySetResult());
        return gone.Task.WaitAsync(Long);
    }
}
