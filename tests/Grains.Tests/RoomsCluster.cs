using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Tests;

/// <summary>An in-process cluster with the room directory and an external client.</summary>
public sealed class RoomsCluster : IAsyncDisposable
{
    public const string Key = "test";
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private RoomsCluster(InProcessTestCluster cluster) => Cluster = cluster;

    public InProcessTestCluster Cluster { get; }

    public IClusterClient Client => Cluster.Client;

    /// <summary>The cluster client inside a silo.</summary>
    public IClusterClient ClientOf(int silo) => Cluster.Silos[silo].ServiceProvider.GetRequiredService<IClusterClient>();

    public INodeDirectoryGrain Directory => Client.GetGrain<INodeDirectoryGrain>(Key);

    public static async Task<RoomsCluster> StartAsync(
        int silos,
        Action<RoomsGrainOptions>? configure = null,
        Action<ISiloBuilder>? configureSilo = null)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) => configureSilo?.Invoke(silo));
        builder.ConfigureSilo((_, silo) => silo.AddRooms(options =>
        {
            // Long enough not to expire while a test is busy; tests of expiry set their own.
            options.NodeTimeout = TimeSpan.FromSeconds(60);
            options.SweepInterval = TimeSpan.FromMilliseconds(50);
            options.ViewPollInterval = TimeSpan.FromMilliseconds(100);
            options.ListenTime = TimeSpan.FromMilliseconds(100);
            configure?.Invoke(options);
        }));
        builder.ConfigureSilo((_, silo) => silo.Configure<ClusterMembershipOptions>(options => options.NumVotesForDeathDeclaration = 1));
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureClient(client => client.AddRooms());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var rooms = new RoomsCluster(cluster);
        await rooms.WhenSettledAsync();
        return rooms;
    }

    /// <summary>Waits until the directory takes what owners know for everything.</summary>
    public async Task WhenSettledAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        while ((await Directory.GetViewAsync(default, []))! is { IsSettled: false } view)
        {
            await Directory.WatchAsync(view.Version, Patience).AsTask().WaitAsync(deadline.Token);
        }
    }

    /// <summary>Says in the name of nodes that every owner has been told what they hold.</summary>
    public async Task ConfirmAsync(params NodeIdentity[] nodes)
    {
        var generation = (await Directory.GetViewAsync(default, []))!.Generation;
        foreach (var node in nodes)
        {
            await Directory.HeartbeatAsync(node, default, generation);
        }
    }

    /// <summary>The owner of a room.</summary>
    public IRoomShardGrain Owner(string room, string ns = "/") =>
        Client.GetGrain<IRoomShardGrain>(RoomShardKey.Of(Key, ns, room).ToGrainKey());

    /// <summary>So many rooms, each of another owner.</summary>
    public static string[] RoomsOfShards(int count) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(i => $"room-{i}").DistinctBy(RoomShardKey.ShardOf).Take(count)];

    public INamespaceGrain Namespace(string ns = "/") => Client.GetGrain<INamespaceGrain>(new NamespaceKey(Key, ns).ToGrainKey());

    public async Task<NodeIdentity> RegisterAsync(string nodeId) => (await Directory.RegisterAsync(nodeId, 0)).Node;

    /// <summary>The version that a node would know after its next heartbeat.</summary>
    public async Task<DirectoryVersion> CurrentVersionAsync() => (await Directory.GetViewAsync(default, []))!.Version;

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>Makes deltas short to write.</summary>
public static class Deltas
{
    public static MembershipDelta Join(NodeIdentity node, long version, string room, params string[] sockets) => new()
    {
        Node = node,
        BaseVersion = version - 1,
        Version = version,
        Changes = [.. sockets.Select(socket => new MembershipChange(room, socket, true))],
    };

    public static MembershipDelta Leave(NodeIdentity node, long version, string room, params string[] sockets) =>
        Join(node, version, room, sockets) with { Changes = [.. sockets.Select(socket => new MembershipChange(room, socket, false))] };

    public static MembershipDelta Snapshot(NodeIdentity node, long version, string room, params string[] sockets) =>
        Join(node, version, room, sockets) with { BaseVersion = MembershipDelta.Snapshot };

    public static MembershipDelta Watching(this MembershipDelta delta) => delta with { WatchSizes = true };

    public static string[] Ordered(this ImmutableArray<RoomMember> members) =>
        [.. members.Select(member => $"{member.SocketId}@{member.Node.Id}").Order(StringComparer.Ordinal)];

    public static string[] Ordered(this RoomRoutes routesOfOneRoom) =>
        [.. Assert.Single(routesOfOneRoom.Nodes).Select(node => node.ToString()).Order(StringComparer.Ordinal)];
}
