using System.Collections.Concurrent;
using System.ComponentModel;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// Silos and nodes, each a process of its own that a test may kill, found through a real store, since a silo that keeps the list of silos
/// cannot be killed; and a process of JavaScript clients.
/// </summary>
public sealed class ProcessCluster : IAsyncLifetime, IAsyncDisposable
{
    private readonly string _name = $"cluster-{Guid.NewGuid():N}";
    private readonly Func<Task<ClusterStore>> _startStore;
    private readonly int _size;
    private readonly List<RunningProcess> _silos = [];
    private readonly List<RunningProcess> _startedSilos = [];
    private readonly ConcurrentDictionary<int, RunningProcess> _silosByPort = [];
    private readonly List<NodeUnderTest> _nodes = [];
    private ClusterStore _store = null!;
    private int _lastName;

    /// <summary>Three silos and three nodes over Redis.</summary>
    public ProcessCluster()
        : this(ClusterStore.StartRedisAsync, size: 3)
    {
    }

    private ProcessCluster(Func<Task<ClusterStore>> startStore, int size)
    {
        _startStore = startStore;
        _size = size;
    }

    /// <summary>The silos that run, in the order of their starts.</summary>
    internal IReadOnlyList<RunningProcess> Silos => _silos;

    /// <summary>The silo that others find at a port.</summary>
    internal RunningProcess SiloAt(int port) => _silosByPort[port];

    /// <summary>The nodes that every test finds and leaves running.</summary>
    internal IReadOnlyList<NodeUnderTest> Nodes => _nodes;

    /// <summary>What silos and nodes have said so far: why something went wrong can be seen there, if anywhere.</summary>
    internal string Output => string.Concat(
        _startedSilos.Concat(_nodes.Select(node => node.Process))
            .Select(process => $"\n{process.Title}\n{process.Output}{process.Errors}"));

    internal JsClients Js { get; private set; } = null!;

    /// <summary>What silos, nodes and emitters have in common.</summary>
    internal string[] Rooms =>
        [.. _store.Settings, "--Rooms:ClusterId", _name, "--Rooms:ServiceId", _name];

    /// <summary>Starts a cluster of two silos and two nodes. A test that starts one ends it.</summary>
    internal static async Task<ProcessCluster> StartTwoAsync(Func<Task<ClusterStore>> startStore)
    {
        var cluster = new ProcessCluster(startStore, size: 2);
        try
        {
            await cluster.InitializeAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task InitializeAsync()
    {
        Js = JsClients.Start();
        _store = await _startStore();
        // The first alone: it makes the table, and the others find it.
        await StartSiloAsync();
        await Task.WhenAll(Enumerable.Range(1, _size - 1).Select(_ => StartSiloAsync()));
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, _size).Select(_ => StartNodeAsync())));
    }

    public async Task DisposeAsync()
    {
        await Js.DisposeAsync();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    /// <summary>A name that nothing else in the cluster has.</summary>
    internal string NewName(string kind) => $"{kind}-{Interlocked.Increment(ref _lastName)}";

    /// <summary>Starts a silo (src/Silo) and waits until it runs.</summary>
    internal async Task<RunningProcess> StartSiloAsync()
    {
        var ports = FreePorts.Take(2);
        var silo = Programs.Start(["src", "Silo"], "OrleansRooms.Silo", [.. Rooms, .. ListenAt(ports), .. LogTimes]);
        _silos.Add(silo);
        _startedSilos.Add(silo);
        _silosByPort[ports[0]] = silo;
        await silo.NextLineAsync("Application started");
        return silo;
    }

    /// <summary>Starts a node that is a client of the silos. A test that starts one ends it.</summary>
    internal Task<NodeUnderTest> StartNodeAsync(string? name = null) =>
        NodeUnderTest.StartAsync(name ?? NewName("node"), Rooms);

    /// <summary>Starts a node that has a silo in its own process. A test that starts one ends it.</summary>
    internal Task<NodeUnderTest> StartCohostedNodeAsync() =>
        NodeUnderTest.StartAsync(NewName("cohosted"), [.. Rooms, .. ListenAt(FreePorts.Take(2)), "--cohosted", "true"]);

    private static string[] LogTimes =>
        ["--Logging:Console:FormatterName", "simple", "--Logging:Console:FormatterOptions:TimestampFormat", "HH:mm:ss.fff "];

    private static string[] ListenAt(int[] ports) => ["--Rooms:SiloPort", $"{ports[0]}", "--Rooms:GatewayPort", $"{ports[1]}"];

    /// <summary>Connects a client that does not come back once it is disconnected, and lets it join rooms.</summary>
    internal async Task<NodeClient> JoinAsync(NodeUnderTest node, params string[] rooms)
    {
        var js = await Js.ConnectAsync(node.Url, new { transports = new[] { "websocket" }, reconnection = false });
        var client = new NodeClient(js, node, (await js.StateAsync()).Id!);
        await client.JoinAsync(rooms);
        return client;
    }

    /// <summary>Kills a silo as <c>kill -9</c> does.</summary>
    internal async Task KillSiloAsync(RunningProcess silo, bool mayHaveEnded = false)
    {
        try
        {
            silo.Signal(ProcessSignal.Kill);
        }
        catch (Win32Exception) when (mayHaveEnded)
        {
            // There is no such process any more.
        }

        await silo.WaitForExitAsync();
        _silos.Remove(silo);
        await silo.DisposeAsync();
    }

    /// <summary>Stops a silo as a deployment does.</summary>
    internal async Task StopSiloAsync(RunningProcess silo)
    {
        silo.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await silo.WaitForExitAsync());
        _silos.Remove(silo);
        await silo.DisposeAsync();
    }
}

/// <summary>The tests that share a <see cref="ProcessCluster"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessTests : ICollectionFixture<ProcessCluster>
{
    public const string Name = "Processes";
}
