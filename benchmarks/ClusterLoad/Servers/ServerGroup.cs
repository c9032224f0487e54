using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Socket.IO servers that form one cluster, with all processes that they need. All end when it is disposed.</summary>
internal abstract class ServerGroup : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<ServerProcess> _processes = [];
    private readonly List<IPEndPoint> _nodes = [];

    /// <summary>What the report calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Where clients connect.</summary>
    public IReadOnlyList<IPEndPoint> Nodes => _nodes;

    /// <summary>Every process on the server's side, brokers and silos included.</summary>
    public IReadOnlyList<ServerProcess> Processes => _processes;

    /// <summary>The processor time of all processes.</summary>
    public double CpuSeconds() => _processes.Sum(process => process.CpuSeconds());

    /// <summary>The resident memory of all processes, in MB.</summary>
    public double ResidentMegabytes() => _processes.Sum(process => process.ResidentMegabytes());

    public async ValueTask DisposeAsync()
    {
        // Those that need the others first.
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].DisposeAsync();
        }
    }

    /// <summary>Starts the processes of a group; if that fails, none of them is left behind.</summary>
    protected static async Task<TGroup> StartAsync<TGroup>(TGroup group, Func<TGroup, Task> start)
        where TGroup : ServerGroup
    {
        try
        {
            await start(group);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    protected void Add(ServerProcess process) => _processes.Add(process);

    protected void AddNode(ServerProcess process, int port)
    {
        _processes.Add(process);
        _nodes.Add(new IPEndPoint(IPAddress.Loopback, port));
    }

    protected void Replace(ServerProcess old, ServerProcess successor) => _processes[_processes.IndexOf(old)] = successor;

    protected Task WhenAllListenAsync() => Task.WhenAll(_nodes.Select(node => WhenListensAsync(node.Port)));

    /// <summary>Completes when something accepts connections at a port.</summary>
    protected static async Task WhenListensAsync(int port)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (clock.GetElapsedTime(start) < StartTimeout)
            {
                await Task.Delay(LookInterval, clock);
            }
        }
    }
}
