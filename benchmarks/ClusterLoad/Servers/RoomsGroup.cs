using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Nodes of OrleansRooms that are silos themselves, or front-ends of one silo.</summary>
internal sealed class RoomsGroup : ServerGroup
{
    private readonly string _name;
    private readonly List<ServerProcess> _silos = [];
    private readonly List<string[]> _siloArguments = [];
    private readonly List<int> _siloPorts = [];

    private RoomsGroup(string name) => _name = name;

    /// <summary>How many processes are silos alone.</summary>
    public int Silos => _silos.Count;

    public override string Name => _name;

    /// <summary>Starts nodes that are silos; the first keeps the list of them.</summary>
    public static Task<RoomsGroup> StartCohostedAsync(int nodes) => StartAsync(new RoomsGroup("OrleansRooms"), async group =>
    {
        var ports = FreePorts.Take(3 * nodes);
        Start(0);
        await WhenListensAsync(ports[0]);
        for (var i = 1; i < nodes; i++)
        {
            Start(i);
        }

        await group.WhenAllListenAsync();

        void Start(int node) => group.StartNode(
            "cohosted", node, ports[node], "--silo-port", $"{ports[nodes + node]}", "--gateway-port", $"{ports[(2 * nodes) + node]}",
            "--primary-port", $"{ports[nodes]}");
    });

    /// <summary>Starts servers that know nothing of one another.</summary>
    public static Task<RoomsGroup> StartAloneAsync(int nodes) => StartAsync(new RoomsGroup("OrleansRooms, no cluster"), async group =>
    {
        foreach (var port in FreePorts.Take(nodes))
        {
            group.StartNode("alone", group.Nodes.Count, port);
        }

        await group.WhenAllListenAsync();
    });

    /// <summary>Starts one silo and nodes that are its clients.</summary>
    public static Task<RoomsGroup> StartFrontendsAsync(int nodes) => StartAsync(new RoomsGroup("OrleansRooms, front-ends"), async group =>
    {
        var ports = FreePorts.Take(nodes + 2);
        var (siloPort, gatewayPort) = ($"{ports[nodes]}", $"{ports[nodes + 1]}");
        group.Add(
            new ServerProcess(
                "silo", RunningProcess.StartDotnet(ProgramFiles.Silo, "--silo-port", siloPort, "--gateway-port", gatewayPort)));
        await WhenListensAsync(ports[nodes + 1]);
        for (var i = 0; i < nodes; i++)
        {
            group.StartNode("frontend", i, ports[i], "--gateway-port", gatewayPort);
        }

        await group.WhenAllListenAsync();
    });

    /// <summary>Starts silos that find one another in a Redis server, and nodes that are clients of them.</summary>
    public static Task<RoomsGroup> StartFrontendsOfAsync(int silos, int nodes) =>
        StartAsync(new RoomsGroup($"OrleansRooms, front-ends of {silos} silos"), async group =>
    {
        var redis = await RedisServer.StartAsync();
        group.Add(new ServerProcess("redis-server", redis.Process, redis));
        var ports = FreePorts.Take((2 * silos) + nodes);
        for (var i = 0; i < silos; i++)
        {
            group._siloPorts.Add(ports[(2 * i) + 1]);
            group._siloArguments.Add(
            [
                "--Rooms:Clustering", "Redis", "--Rooms:Redis", redis.ConnectionString,
                "--address", "127.0.0.1", "--listen", "127.0.0.1", "--silo-port", $"{ports[2 * i]}", "--gateway-port",
                $"{ports[(2 * i) + 1]}",
            ]);
            var silo = new ServerProcess($"silo {i}", RunningProcess.StartDotnet(ProgramFiles.Silo, group._siloArguments[i]));
            group._silos.Add(silo);
            group.Add(silo);
        }

        await Task.WhenAll(group._siloPorts.Select(WhenListensAsync));
        for (var i = 0; i < nodes; i++)
        {
            group.StartNode("frontend", i, ports[(2 * silos) + i], "--redis", redis.ConnectionString);
        }

        await group.WhenAllListenAsync();
    });

    /// <summary>Ends a silo: at once, or as an operator would.</summary>
    public async Task EndSiloAsync(int silo, ProcessSignal signal)
    {
        _silos[silo].Running.Signal(signal);
        await _silos[silo].Running.WaitForExitAsync();
    }

    /// <summary>Lets a silo stand still for good.</summary>
    public void SilenceSilo(int silo) => _silos[silo].Running.Signal(ProcessSignal.Stop);

    /// <summary>Starts a silo that has ended again, at the same ports.</summary>
    public async Task RestartSiloAsync(int silo)
    {
        var successor = new ServerProcess($"silo {silo}", RunningProcess.StartDotnet(ProgramFiles.Silo, _siloArguments[silo]));
        Replace(_silos[silo], successor);
        await _silos[silo].DisposeAsync();
        _silos[silo] = successor;
        await WhenListensAsync(_siloPorts[silo]);
    }

    /// <summary>Kills a node, which takes its silo with it if it is one.</summary>
    public void KillNode(int node) => Processes.First(process => process.Name == $"node {node}").Running.Signal(ProcessSignal.Kill);

    private void StartNode(string mode, int index, int port, params string[] more) => AddNode(
        new ServerProcess(
            $"node {index}",
            RunningProcess.StartDotnet(
                ProgramFiles.ProbeNode, ["--urls", $"http://127.0.0.1:{port}", "--mode", mode, "--index", $"{index}", .. more])),
        port);
}
