using BenchmarkDotNet.Attributes;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Microbenchmarks;

/// <summary>Arguments to a packet, and a packet to the frames that all recipients share.</summary>
[MemoryDiagnoser]
public class PacketWriterBenchmark
{
    private readonly PacketSerializer _serializer = new();
    private readonly JsonPacketParser _parser = new();
    private object?[] _arguments = [];
    private object?[] _binaryArguments = [];
    private Packet _packet = new() { Type = PacketType.Event };

    [Params(10, 1_000, 100_000)]
    public int TextLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _arguments = [new string('x', TextLength)];
        _binaryArguments = [new byte[TextLength]];
        _packet = _serializer.Event("/", "message", _arguments);
    }

    [Benchmark]
    public Packet Serialize() => _serializer.Event("/", "message", _arguments);

    [Benchmark]
    public Packet SerializeBinary() => _serializer.Event("/", "message", _binaryArguments);

    [Benchmark(Baseline = true)]
    public EngineIOFrame[] Encode() => _parser.Encode(_packet);
}
