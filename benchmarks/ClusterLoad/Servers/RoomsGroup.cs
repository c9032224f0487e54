using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Nodes of OrleansRooms that are silos themselves, or front-ends of one silo.</summary>
internal sealed class RoomsGroup : ServerGroup
{
    private const int FirstGatewayPort = 30000;

    private readonly string _name;

    private RoomsGroup(string name) => _name = name;

    public override string Name => _name;

    /// <summary>Starts nodes that are silos; the first keeps the list of them.</summary>
    public static async Task<RoomsGroup> StartCohostedAsync(int nodes)
    {
        var group = new RoomsGroup("OrleansRooms");
        var ports = FreePorts.Take(nodes);
        group.StartNode("cohosted", 0, ports[0]);
        await WhenListensAsync(ports[0]);
        for (var i = 1; i < nodes; i++)
        {
            group.StartNode("cohosted", i, ports[i]);
        }

        await group.WhenAllListenAsync();
        return group;
    }

    /// <summary>Starts one silo and nodes that are its clients.</summary>
    public static async Task<RoomsGroup> StartFrontendsAsync(int nodes)
    {
        var group = new RoomsGroup("OrleansRooms, front-ends");
        group.Add(new ServerProcess("silo", RunningProcess.StartDotnet(ProgramFiles.Silo)));
        await WhenListensAsync(FirstGatewayPort);
        var ports = FreePorts.Take(nodes);
        for (var i = 0; i < nodes; i++)
        {
            group.StartNode("frontend", i, ports[i]);
        }

        await group.WhenAllListenAsync();
        return group;
    }

    private void StartNode(string mode, int index, int port) => AddNode(
        new ServerProcess(
            $"node {index}",
            RunningProcess.StartDotnet(
                ProgramFiles.ProbeNode, "--urls", $"http://127.0.0.1:{port}", "--mode", mode, "--index", $"{index}")),
        port);
}
