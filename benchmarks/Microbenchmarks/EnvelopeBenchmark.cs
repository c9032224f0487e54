using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Microbenchmarks;

/// <summary>
/// One batch of envelopes to the bytes that silos exchange, and back; and the copy that a call within one silo makes, which is none.
/// </summary>
[MemoryDiagnoser]
public class EnvelopeBenchmark : IDisposable
{
    private const int PayloadLength = 100;

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private Serializer<EnvelopeBatch> _serializer = null!;
    private DeepCopier<EnvelopeBatch> _copier = null!;
    private EnvelopeBatch _batch = null!;
    private byte[] _bytes = [];

    [Params(1, 10, 100)]
    public int Envelopes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _serializer = _services.GetRequiredService<Serializer<EnvelopeBatch>>();
        _copier = _services.GetRequiredService<DeepCopier<EnvelopeBatch>>();
        var envelopes = new Envelope[Envelopes];
        for (var i = 0; i < envelopes.Length; i++)
        {
            envelopes[i] =
                new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [$"room{i}"], Payload = new byte[PayloadLength] };
        }

        _batch = new EnvelopeBatch(new NodeIdentity("node-1", 1), envelopes, Sequence: 1);
        _bytes = _serializer.SerializeToArray(_batch);
    }

    [Benchmark(Baseline = true)]
    public byte[] Serialize() => _serializer.SerializeToArray(_batch);

    [Benchmark]
    public EnvelopeBatch Deserialize() => _serializer.Deserialize(_bytes)!;

    [Benchmark]
    public EnvelopeBatch Copy() => _copier.Copy(_batch)!;

    public void Dispose()
    {
        _services.Dispose();
        GC.SuppressFinalize(this);
    }
}
