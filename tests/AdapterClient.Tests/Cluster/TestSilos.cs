using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Silos with the room directory, and nodes on them: inside the silos, or as Orleans clients over TCP.</summary>
public sealed class TestSilos : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly SiloHandle _first;
    private readonly string? _streamProvider;
    private int _lastNode;

    private TestSilos(TestCluster cluster, string? streamProvider)
    {
        _cluster = cluster;
        _streamProvider = streamProvider;
        _first = cluster.Silos[0];
    }

    /// <summary>
    /// How long a dead node may linger where nothing dies: a machine that is busy with other things must not kill a node.
    /// </summary>
    private static readonly TimeSpan LongNodeTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The name of Orleans' memory streams, where they carry packets.</summary>
    public const string MemoryStreams = "memory";

    /// <summary>Starts silos and waits until questions are answered.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="nodeTimeout">How long a dead node may linger; a minute if not given.</param>
    /// <param name="streamProvider">What carries packets; ours if not given.</param>
    /// <param name="withDefaults">Whether nodes are missed as soon as those of users are.</param>
    /// <param name="silosDie">
    /// Whether a test ends silos. Their deaths are then found out within seconds, and a directory that starts anew gives nodes time to be
    /// heard of; where none does, a machine that is busy with other things must not kill one, and nobody has to be heard of.
    /// </param>
    public static async Task<TestSilos> StartAsync(
        int silos, TimeSpan? nodeTimeout = null, string? streamProvider = null, bool withDefaults = false, bool silosDie = false)
    {
        var builder = new TestClusterBuilder((short)silos);
        builder.Properties["Defaults"] = withDefaults.ToString();
        builder.Properties["SilosDie"] = silosDie.ToString();
        builder.Properties["NodeTimeout"] = (nodeTimeout ?? LongNodeTimeout).ToString();
        builder.Properties["StreamProvider"] = streamProvider ?? "";
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.AddSiloBuilderConfigurator<RoomsSilo>();
        builder.AddClientBuilderConfigurator<RoomsClient>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var testSilos = new TestSilos(cluster, streamProvider);
        await testSilos.WhenSettledAsync();
        return testSilos;
    }

    /// <summary>
    /// Waits until what the owners of rooms know counts for everything: a directory that starts anew listens first, and nodes have to tell
    /// owners again what a dead silo knew.
    /// </summary>
    public async Task WhenSettledAsync()
    {
        using var patience = new CancellationTokenSource(AdapterScene.Patience, TimeProvider.System);
        var directory = _cluster.Client.GetGrain<INodeDirectoryGrain>("default");
        while ((await directory.GetViewAsync(default, []))! is { IsSettled: false } view)
        {
            await directory.WatchAsync(view.Version, AdapterScene.Patience).AsTask().WaitAsync(patience.Token);
        }
    }

    /// <summary>The node inside a silo.</summary>
    public AdapterNode CohostedNode(int silo) => new HostedNode(((InProcessSiloHandle)_cluster.Silos[silo]).SiloHost, ownsHost: false);

    /// <summary>Starts a node that is an Orleans client of the silos.</summary>
    public async Task<AdapterNode> StartClientNodeAsync(
        Action<OrleansAdapterOptions>? configure = null, TimeProvider? time = null, IOutgoingGrainCallFilter? calls = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(
                [.. _cluster.Silos.Select(silo => new IPEndPoint(IPAddress.Loopback, silo.GatewayAddress.Endpoint.Port))]);
            client.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = _cluster.Options.ClusterId;
                options.ServiceId = _cluster.Options.ServiceId;
            });
            client.AddRooms();
            if (_streamProvider is not null)
            {
                client.AddMemoryStreams(_streamProvider).Configure<PacketStreamOptions>(options => options.ProviderName = _streamProvider);
            }
        });
        var id = $"client-{Interlocked.Increment(ref _lastNode)}";
        builder.Services.AddSocketIO().AddOrleansAdapter(options =>
        {
            options.NodeId = id;
            configure?.Invoke(options);
        });
        builder.Services.AddHealthChecks().AddOrleansRooms();
        if (time is not null) builder.Services.AddSingleton(time);
        if (calls is not null) builder.Services.AddSingleton(calls);
        var host = builder.Build();
        await host.StartAsync();
        return new HostedNode(host, ownsHost: true);
    }

    /// <summary>How many activations of a grain class there are in all silos.</summary>
    public async Task<int> CountActivationsAsync(string grainClass)
    {
        var statistics = await _cluster.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(grain => grain.GrainType.Contains(grainClass, StringComparison.Ordinal))
            .Sum(grain => grain.ActivationCount);
    }

    /// <summary>Kills one of several silos; the others find out.</summary>
    public Task KillSiloAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    /// <summary>Stops one of several silos as a deployment does.</summary>
    public Task StopSiloAsync(int silo) => _cluster.StopSiloAsync(_cluster.Silos[silo]);

    /// <summary>Calls a grain, which is placed on a silo if it is not active.</summary>
    public async Task ActivateOnAsync(int silo, Func<Task> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, _cluster.Silos[silo].SiloAddress);
        try
        {
            await call();
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    /// <summary>The silo in which a grain lives, or -1.</summary>
    public async Task<int> SiloOfAsync(IAddressable grain)
    {
        var address = await _cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return _cluster.Silos.ToList().FindIndex(silo => silo.SiloAddress.Equals(address));
    }

    /// <summary>Stops the only silo, and with it the cluster.</summary>
    public Task StopSiloAsync() => _cluster.StopSiloAsync(_first);

    /// <summary>Starts the only silo again where it was, with nothing of what it knew.</summary>
    public Task StartSiloAgainAsync() => _cluster.RestartSiloAsync(_first);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private sealed class RoomsSilo : ISiloConfigurator, IHostConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var silosDie = bool.Parse(siloBuilder.Configuration["SilosDie"]!);
            siloBuilder.AddRooms(options =>
            {
                options.ListenTime = TimeSpan.FromSeconds(silosDie ? 2 : 0.2);
                if (bool.Parse(siloBuilder.Configuration["Defaults"]!)) return;
                options.NodeTimeout = TimeSpan.Parse(siloBuilder.Configuration["NodeTimeout"]!, CultureInfo.InvariantCulture);
                options.ViewPollInterval = TimeSpan.FromMilliseconds(200);
                options.SweepInterval = TimeSpan.FromMilliseconds(100);
            });
            if (silosDie)
            {
                siloBuilder.Configure<ClusterMembershipOptions>(options =>
                {
                    options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                    options.NumMissedProbesLimit = 2;
                    options.NumVotesForDeathDeclaration = 1;
                });
            }

            if (siloBuilder.Configuration["StreamProvider"] is { Length: > 0 } provider)
            {
                siloBuilder.AddMemoryStreams(provider, streams => streams.ConfigurePullingAgent(
                    agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10))));
                siloBuilder.Configure<PacketStreamOptions>(options => options.ProviderName = provider);
            }
        }

        public void Configure(IHostBuilder hostBuilder)
        {
            hostBuilder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            hostBuilder.ConfigureServices(services => services.AddSocketIO().AddOrleansAdapter());
        }
    }

    private sealed class RoomsClient : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) => clientBuilder.AddRooms();
    }
}
