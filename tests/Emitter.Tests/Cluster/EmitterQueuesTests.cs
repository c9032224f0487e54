using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRooms.Emitter.Cluster;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Emitter.Tests.Cluster;

public sealed class EmitterQueuesTests
{
    [Fact]
    public async Task NamespacesWithWaitingMessages_AreNotClosedHoweverManyThereAre()
    {
        using var scene = new EmitterWithoutCluster();

        for (var i = 0; i < 2 * EmitterQueues.Many; i++)
        {
            await scene.Emitter.Of($"/{i}").EmitAsync("ev");
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2 * EmitterQueues.Many, scene.Cluster.OpenNamespaces);
        Assert.Equal(0, scene.Dropped("queue full"));
    }

    [Fact]
    public async Task NamespacesThatAreNotUsedAnyMore_AreClosedWhenThereAreMany()
    {
        var time = new JumpingTime();
        using var host = await StartSiloAsync(time);
        var emitter = host.Services.GetRequiredService<ISocketIOEmitter>();
        var cluster = host.Services.GetRequiredService<EmitterCluster>();

        for (var i = 0; i < EmitterQueues.Many; i++)
        {
            await emitter.Of($"/{i}").EmitAsync("ev");
        }

        // An answer comes only after what was emitted before has been routed.
        Assert.Empty(await emitter.Of("/0").Timeout(TimeSpan.FromSeconds(30)).EmitWithAckAsync<int>("ev"));
        await cluster.WhenSentAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        time.Jump(TimeSpan.FromMinutes(2));
        await emitter.Of("/one-more").EmitAsync("ev");

        Assert.Equal(1, cluster.OpenNamespaces);
        Assert.Empty(await emitter.Of("/0").Timeout(TimeSpan.FromSeconds(30)).EmitWithAckAsync<int>("ev"));
        await host.StopAsync();
    }

    private static async Task<IHost> StartSiloAsync(TimeProvider time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(time);
        var ports = FreePorts.Take(2);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1]).AddRooms());
        builder.Services.AddSocketIOEmitter();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The time of the machine, which can be made later.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _ahead;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _ahead);

        public void Jump(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
