using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRooms.Emitter;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>
/// A silo, three nodes and a worker that are its Orleans clients, all in this process but connected by their sockets, and a process of
/// JavaScript clients. Shared by the tests of a collection, each of which uses rooms of its own.
/// </summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    public const string Collection = "Three nodes";

    private IHost _silo = null!;
    private IHost _worker = null!;
    private int _gatewayPort;
    private int _lastRoom;

    /// <summary>Options of a client that stays away once it is disconnected.</summary>
    internal static readonly object WebSocket = new { transports = new[] { "websocket" }, reconnection = false };

    public IReadOnlyList<SocketIOTestServer> Nodes { get; private set; } = null!;

    public JsClients Js { get; private set; } = null!;

    /// <summary>The emitter of the worker, which is neither a node nor a silo.</summary>
    public ISocketIOEmitter Emitter => _worker.Services.GetRequiredService<ISocketIOEmitter>();

    /// <summary>The grains of the silo, which has an emitter too.</summary>
    public IGrainFactory Grains => _worker.Services.GetRequiredService<IGrainFactory>();

    public string NewRoom() => $"room-{Interlocked.Increment(ref _lastRoom)}";

    public async Task InitializeAsync()
    {
        var ports = FreePorts.Take(2);
        _gatewayPort = ports[1];
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1]).AddRooms());
        builder.Services.AddSocketIOEmitter();
        _silo = builder.Build();
        await _silo.StartAsync();
        var worker = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        worker.UseOrleansClient(client => client.UseLocalhostClustering(ports[1]).AddRooms());
        worker.Services.AddSocketIOEmitter();
        _worker = worker.Build();
        await _worker.StartAsync();
        Nodes = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => StartNodeAsync($"node-{number}")));
        Js = JsClients.Start();
    }

    public async Task DisposeAsync()
    {
        await Js.DisposeAsync();
        foreach (var node in Nodes)
        {
            await node.StopAsync();
            Assert.Empty(node.Errors);
            await node.DisposeAsync();
        }

        await _worker.StopAsync();
        _worker.Dispose();
        await _silo.StopAsync();
        _silo.Dispose();
    }

    /// <summary>Connects a client to a node and puts it into rooms.</summary>
    internal Task<JsClient> JoinAsync(SocketIOTestServer node, object options, params string[] rooms) =>
        JoinAsync(node, "", options, rooms);

    /// <summary>Connects a client to a namespace of a node and puts it into rooms.</summary>
    internal async Task<JsClient> JoinAsync(SocketIOTestServer node, string ns, object options, params string[] rooms)
    {
        var client = await Js.ConnectAsync($"{node.Address}{ns}", options);
        await client.EmitWithAckAsync("join", [rooms]);
        return client;
    }

    /// <summary>Connects a client to a node by WebSocket and puts it into rooms.</summary>
    internal Task<JsClient> JoinAsync(SocketIOTestServer node, params string[] rooms) => JoinAsync(node, "", WebSocket, rooms);

    /// <summary>Connects a client to a node by WebSocket and puts it into rooms.</summary>
    internal Task<JsClient> JoinAsync(int node, params string[] rooms) => JoinAsync(Nodes[node], rooms);

    /// <summary>Expects what a client has heard before <c>end</c>: everything that was emitted before has arrived when it has.</summary>
    internal static async Task HeardAsync(JsClient client, params string[] expected)
    {
        await client.NextAsync("end");
        Assert.Equal(expected, client.Waiting.Where(e => e.Name == "ev").Select(e => e.Get<string>()!));
    }

    /// <summary>Starts one more node, which the test ends.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="services">Adds services, which are told that the host stops after the node and before the Socket.IO server.</param>
    /// <param name="app">Adds endpoints.</param>
    internal Task<SocketIOTestServer> StartNodeAsync(
        string name, Action<IServiceCollection>? services = null, Action<WebApplication>? app = null) => SocketIOTestServer.StartAsync(
        io =>
        {
            Listen(io);
            Listen(io.Of("/admin"));
            Listen(io.Of("/everybody"));
        },
        builder: web =>
        {
            web.Host.UseOrleansClient(client => client.UseLocalhostClustering(_gatewayPort).AddRooms());
            services?.Invoke(web.Services);
            web.Services.AddSocketIO().AddOrleansAdapter(options => options.NodeId = name);
        },
        app: app);

    private static void Listen(INamespace ns) => ns.OnConnection(socket =>
    {
        socket.On("join", async context =>
        {
            await socket.JoinAsync(context.Get<string[]>(0)!);
            await context.AckAsync();
        });
        socket.On(
            "say",
            context => ns.To(context.Get<string>(0)!).EmitAsync("said", context.Get<byte[]>(1), new { deep = context.Get<byte[]>(1) }));
    });
}

/// <summary>The tests that share a <see cref="ThreeNodes"/>.</summary>
[CollectionDefinition(ThreeNodes.Collection)]
public sealed class ThreeNodesTests : ICollectionFixture<ThreeNodes>;
