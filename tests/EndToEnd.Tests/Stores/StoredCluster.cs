using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.EndToEnd.Tests.Processes;
using OrleansRooms.Hosting;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Stores;

/// <summary>
/// Two silos (src/Silo) that find each other in a real store, and nodes that find them there, as <c>AddRoomsClient</c> makes them. Started
/// by the first test that needs it.
/// </summary>
public abstract class StoredCluster : IAsyncLifetime
{
    private readonly Lazy<Task<IReadOnlyList<AdapterNode>>> _nodes;
    private readonly List<RunningProcess> _silos = [];
    private ClusterStore? _store;
    private int _lastNode;

    protected StoredCluster() => _nodes = new(StartAsync);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_nodes.IsValueCreated)
        {
            foreach (var node in await _nodes.Value)
            {
                await node.DisposeAsync();
            }
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

    /// <summary>Three nodes.</summary>
    internal Task<IReadOnlyList<AdapterNode>> NodesAsync() => _nodes.Value;

    /// <summary>Starts one more. Who starts it ends it.</summary>
    internal async Task<AdapterNode> StartNodeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddRoomsClient(options =>
        {
            options.Clustering = Enum.Parse<RoomsClustering>(_store!.Clustering);
            (options.Redis, options.Postgres) = (_store.ConnectionString, _store.ConnectionString);
        });
        var id = $"node-{Interlocked.Increment(ref _lastNode)}";
        builder.Services.AddSocketIO().AddOrleansAdapter(node => node.NodeId = id);
        var host = builder.Build();
        await host.StartAsync();
        var node = new StoredNode(host);
        await node.WhenConnectedAsync();
        return node;
    }

    /// <summary>Starts the server in which silos find each other.</summary>
    private protected abstract Task<ClusterStore> StartStoreAsync();

    private async Task<IReadOnlyList<AdapterNode>> StartAsync()
    {
        _store = await StartStoreAsync();
        for (var i = 0; i < 2; i++)
        {
            var ports = FreePorts.Take(2);
            // Nothing dies here, and a machine that is busy with other things must not kill a node.
            var silo = Programs.Start(
                ["src", "Silo"], "OrleansRooms.Silo",
                [
                    .. _store.Settings, "--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}",
                    "--Rooms:Directory:NodeTimeout", "00:01:00",
                ]);
            _silos.Add(silo);
            await silo.NextLineAsync("Application started");
        }

        return await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartNodeAsync()));
    }

    private sealed class StoredNode(IHost host) : AdapterNode
    {
        private bool _isStopped;

        public override IAdapterFactory Adapters => host.Services.GetRequiredService<IAdapterFactory>();

        public Task WhenConnectedAsync() =>
            AdapterScene.UntilAsync(() => new(host.Services.GetRequiredService<IClusterNode>().State == ClusterState.Connected));

        public override Task StopAsync()
        {
            _isStopped = true;
            return host.StopAsync();
        }

        public override Task KillAsync() => throw new NotSupportedException("It lives in the process of the tests.");

        public override async ValueTask DisposeAsync()
        {
            if (!_isStopped)
            {
                await host.StopAsync();
            }

            host.Dispose();
        }
    }
}

public sealed class ClusterOverRedis : StoredCluster
{
    private protected override Task<ClusterStore> StartStoreAsync() => ClusterStore.StartRedisAsync();
}

public sealed class ClusterOverPostgres : StoredCluster
{
    private protected override Task<ClusterStore> StartStoreAsync() => ClusterStore.StartPostgresAsync();
}
