using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// One delivery to a node: all that waited in its stream. The reader gets each batch of a publisher as one event, as the publisher made it.
/// </summary>
/// <remarks>The stream's id stays in the silo; the reader knows it by its subscription.</remarks>
[GenerateSerializer]
[Immutable]
[Alias("rooms.packet-batch")]
internal sealed class PacketBatch : IBatchContainer
{
    [NonSerialized]
    private readonly StreamId _stream;

    [NonSerialized]
    private StreamSequenceToken? _token;

    public PacketBatch(StreamId stream, EnvelopeBatch[] batches, long sequence)
    {
        _stream = stream;
        Batches = batches;
        Sequence = sequence;
    }

    /// <summary>What the publishers sent, in the order in which it came.</summary>
    [Id(0)]
    public EnvelopeBatch[] Batches { get; }

    /// <summary>Counts the deliveries of the stream.</summary>
    [Id(1)]
    public long Sequence { get; }

    public StreamId StreamId => _stream;

    public StreamSequenceToken SequenceToken => _token ??= new EventSequenceTokenV2(Sequence);

    /// <summary>How many envelopes it brings.</summary>
    public int EnvelopeCount
    {
        get
        {
            var count = 0;
            foreach (var batch in Batches)
            {
                count += batch.Envelopes.Length;
            }

            return count;
        }
    }

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        foreach (var batch in Batches)
        {
            yield return Tuple.Create((T)(object)batch, SequenceToken);
        }
    }

    public bool ImportRequestContext() => false;
}
