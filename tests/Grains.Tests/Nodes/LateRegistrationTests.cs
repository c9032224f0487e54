using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>
/// Orleans makes a grain before it enters it into its directory, and that may take until a silo that has died is declared dead: what an
/// owner read before counts for nothing, and nobody could have been heard.
/// </summary>
public sealed class LateRegistrationTests
{
    [Fact]
    public Task RoomShard_EnteredAfterALoss_IsNotCompleteBeforeNodesHaveToldAgain() => AssertIncompleteAsync(
        "rooms.room-shard",
        async cluster => (await cluster.Owner("red").GetNodesAsync(["red"])).IsComplete,
        async cluster => await cluster.Owner("red").GetSizeAsync("red", default));

    [Fact]
    public Task Namespace_EnteredAfterALoss_IsNotCompleteBeforeNodesHaveToldAgain() => AssertIncompleteAsync(
        "rooms.namespace",
        async cluster => (await cluster.Namespace().GetRoutesAsync()).IsComplete,
        async cluster => await cluster.Namespace().GetNodesAsync(default));

    [Fact]
    public async Task NodeDirectory_EnteredLate_BeginsToListenThen()
    {
        var orleans = new GatedDirectory("rooms.node-directory");
        var starting = StartAsync(orleans);
        await orleans.WhenReached();
        var opened = TimeProvider.System.GetUtcNow().UtcTicks;
        orleans.Open();
        await using var cluster = await starting;

        // An activation of the directory is named by the clock at which it began.
        Assert.InRange((await cluster.CurrentVersionAsync()).Activation, opened, long.MaxValue);
    }

    private static async Task AssertIncompleteAsync(
        string type, Func<RoomsCluster, Task<bool>> isComplete, Func<RoomsCluster, Task> whenComplete)
    {
        var orleans = new GatedDirectory(type);
        await using var cluster = await StartAsync(orleans);
        var a = await cluster.RegisterAsync("a");

        var first = isComplete(cluster);
        await orleans.WhenReached();
        // Whatever the silo has asked the node directory by now is to be answered before the loss.
        await cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<LivingNodes>().Of(RoomsCluster.Key).ReadGenerationAsync();
        await cluster.Directory.ReportLossAsync("a silo died");
        orleans.Open();

        Assert.False(await first);
        await cluster.ConfirmAsync(a);
        await whenComplete(cluster);
        Assert.True(await isComplete(cluster));
    }

    private static Task<RoomsCluster> StartAsync(GatedDirectory orleans) =>
        RoomsCluster.StartAsync(1, configureSilo: silo => silo.Services.AddSingleton<IGrainDirectoryResolver>(orleans));

    /// <summary>Orleans' directory for the grains of one type in a single silo, which enters them only once it is open.</summary>
    private sealed class GatedDirectory(string type) : IGrainDirectory, IGrainDirectoryResolver
    {
        private readonly ConcurrentDictionary<GrainId, GrainAddress> _addresses = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when a grain waits to be entered.</summary>
        public Task WhenReached() => _reached.Task.WaitAsync(RoomsCluster.Patience);

        public void Open() => _open.SetResult();

        public bool TryResolveGrainDirectory(
            GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out IGrainDirectory? grainDirectory)
        {
            grainDirectory = grainType.ToString() == type ? this : null;
            return grainDirectory is not null;
        }

        public async Task<GrainAddress?> Register(GrainAddress address)
        {
            _reached.TrySetResult();
            await _open.Task;
            return _addresses.GetOrAdd(address.GrainId, address);
        }

        public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(_addresses.GetValueOrDefault(grainId));

        public Task Unregister(GrainAddress address)
        {
            _addresses.TryRemove(address.GrainId, out _);
            return Task.CompletedTask;
        }

        public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
    }
}
