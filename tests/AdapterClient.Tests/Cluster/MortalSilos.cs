using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Membership;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// Silos that keep no list of each other in one of them, so that any may die, each with a node in it; and one node that is their client.
/// </summary>
internal sealed class MortalSilos : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private MortalSilos(InProcessTestCluster cluster)
    {
        _cluster = cluster;
        FrontEnd = new Node(cluster.Client.ServiceProvider, silo: null);
        Silos = [.. cluster.Silos.Select(NodeOf)];
    }

    public Node FrontEnd { get; }

    /// <summary>The nodes inside the silos that live.</summary>
    public List<Node> Silos { get; }

    public static async Task<MortalSilos> StartAsync(int silos)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureHost(host =>
        {
            host.Logging.SetMinimumLevel(LogLevel.Critical);
            host.Services.AddSocketIO().AddOrleansAdapter(options => options.CallTimeout = TimeSpan.FromSeconds(2));
        });
        builder.ConfigureSilo((_, silo) => silo.AddRooms(options => options.NodeTimeout = TimeSpan.FromSeconds(30))
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            }));
        builder.ConfigureClient(client => client.AddRooms()
            .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var started = new MortalSilos(cluster);
        foreach (var node in started.Silos.Append(started.FrontEnd)) await node.WhenConnectedAsync();
        return started;
    }

    /// <summary>Kills a silo with the node in it, which has no time for goodbyes.</summary>
    public async Task KillAsync(Node node)
    {
        Silos.Remove(node);
        await node.KillAsync();
        await _cluster.KillSiloAsync(node.Silo!);
    }

    /// <summary>Starts another silo.</summary>
    public async Task<Node> StartAsync()
    {
        var node = NodeOf(await _cluster.StartAdditionalSiloAsync());
        Silos.Add(node);
        await node.WhenConnectedAsync();
        return node;
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private static Node NodeOf(InProcessSiloHandle silo) => new(silo.ServiceProvider, silo);

    /// <summary>A node on a host that the cluster stops.</summary>
    internal sealed class Node(IServiceProvider services, InProcessSiloHandle? silo) : AdapterNode
    {
        private readonly ClusterNode _node = services.GetRequiredService<ClusterNode>();

        public InProcessSiloHandle? Silo => silo;

        /// <summary>The silo in which its packet stream lives.</summary>
        public string? Home => _node.Participant.OwnAddress?.Home;

        /// <summary>The name by which <see cref="Home"/> calls the silo that this node is in.</summary>
        public string? Name => silo?.SiloAddress.ToParsableString();

        public override IAdapterFactory Adapters { get; } = services.GetRequiredService<IAdapterFactory>();

        public Task WhenConnectedAsync() => AdapterScene.UntilAsync(() => new(_node.State == ClusterState.Connected && Home is not null));

        public override Task StopAsync() => throw new NotSupportedException("The cluster stops it.");

        public override Task KillAsync() => _node.KillAsync();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
