using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Microbenchmarks;

/// <summary>
/// One batch from a publisher in one silo to a node's packet stream in another, over TCP: sent, answered and in the reader's hands. Each
/// next batch begins when the last has ended, so the mean is a latency.
/// </summary>
[MemoryDiagnoser]
public class StreamHopBenchmark
{
    private const string ClusterKey = "bench";

    private readonly List<IHost> _silos = [];
    private TaskCompletionSource _arrived = new();
    private Func<EnvelopeBatch, Task> _send = null!;
    private EnvelopeBatch _batch = null!;

    /// <summary>How many envelopes of 100 bytes are in the batch.</summary>
    [Params(1, 100)]
    public int Envelopes { get; set; }

    /// <summary>Whether the node reads in its own silo, without a subscription.</summary>
    [Params(true, false)]
    public bool InOwnSilo { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var ports = FreePorts.Take(4);
        var primary = new IPEndPoint(IPAddress.Loopback, ports[0]);
        _silos.Add(await StartSiloAsync(ports[0], ports[1], primary));
        _silos.Add(await StartSiloAsync(ports[2], ports[3], primary));

        var home = _silos[1].Services.GetRequiredService<IPacketStreams>();
        var address = await home.OpenAsync(ClusterKey, new NodeIdentity("node", 1), 1);
        if (!InOwnSilo)
        {
            await home.Get(ClusterKey, address).SubscribeAsync((batch, _) =>
            {
                OnNext(batch);
                return Task.CompletedTask;
            });
        }
        else if (!home.TryRead(ClusterKey, address, OnNext))
        {
            throw new InvalidOperationException("The silo does not know its own stream.");
        }

        var stream = _silos[0].Services.GetRequiredService<IPacketStreams>().Get(ClusterKey, address);
        _send = batch => stream.OnNextAsync(batch);
        // Each an object of its own: Orleans writes what it has written before as a reference to it.
        var envelopes = Enumerable.Range(0, Envelopes)
            .Select(i => new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [$"room{i}"], Payload = new byte[100] });
        _batch = new EnvelopeBatch(new NodeIdentity("publisher", 1), [.. envelopes]);
    }

    [Benchmark]
    public async Task SendAndReceive()
    {
        var arrived = _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _send(_batch);
        await arrived.Task;
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        foreach (var silo in Enumerable.Reverse(_silos))
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        _silos.Clear();
    }

    private static async Task<IHost> StartSiloAsync(int siloPort, int gatewayPort, IPEndPoint primary)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort, primary).AddRooms());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private void OnNext(EnvelopeBatch batch) => _arrived.TrySetResult();
}
