using System.Text;
using BenchmarkDotNet.Attributes;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Microbenchmarks;

/// <summary>One incoming Engine.IO message to a validated packet, and its arguments.</summary>
[MemoryDiagnoser]
public class PacketReaderBenchmark
{
    private readonly PacketSerializer _serializer = new();
    private readonly IPacketDecoder _decoder = new JsonPacketParser().CreateDecoder();
    private byte[] _event = [];
    private byte[] _eventWithAck = [];
    private byte[] _binaryEvent = [];
    private byte[] _attachment = [];

    [Params(10, 1_000, 100_000)]
    public int TextLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var text = new string('x', TextLength);
        _event = Encoding.UTF8.GetBytes($"2[\"message\",\"{text}\"]");
        _eventWithAck = Encoding.UTF8.GetBytes($"2/admin,17[\"message\",\"{text}\"]");
        _binaryEvent = Encoding.UTF8.GetBytes("51-[\"message\",{\"_placeholder\":true,\"num\":0}]");
        _attachment = new byte[TextLength];
    }

    [Benchmark(Baseline = true)]
    public Packet? Event() => _decoder.Add(_event, isBinary: false);

    [Benchmark]
    public Packet? EventWithAckInNamespace() => _decoder.Add(_eventWithAck, isBinary: false);

    [Benchmark]
    public Packet? BinaryEvent()
    {
        _decoder.Add(_binaryEvent, isBinary: false);
        return _decoder.Add(_attachment, isBinary: true);
    }

    [Benchmark]
    public string? EventWithArgument() => _serializer.Read(_decoder.Add(_event, isBinary: false)!).Get<string>(0);
}
