using BenchmarkDotNet.Attributes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Microbenchmarks;

/// <summary>What a link's bookkeeping costs per message: numbered, handed to the carrier in batches, acknowledged, let go.</summary>
[MemoryDiagnoser]
public class LinkBenchmark
{
    private const int Messages = 100;

    private readonly ReplayRing _ring = new(maxMessages: 10_000, maxBytes: 64 * 1024 * 1024);
    private readonly List<OutboundMessage> _released = [];
    private readonly OutboundMessage _message = new(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = ["room1"] });

    [Params(1, 100)]
    public int Batch { get; set; }

    [Benchmark(OperationsPerInvoke = Messages)]
    public int SendAndAcknowledge()
    {
        for (var sent = 0; sent < Messages; sent += Batch)
        {
            for (var i = 0; i < Batch; i++)
            {
                _ring.Add(_message);
            }

            var sequence = _ring.Cursor;
            var envelopes = _ring.Take(Batch, long.MaxValue);
            _ring.OnCarried(sequence, envelopes.Length);
        }

        _released.Clear();
        _ring.OnAcknowledged(new LinkAcknowledgement(_ring.Next - 1, SendAgain: false), _released);
        return _released.Count;
    }
}
