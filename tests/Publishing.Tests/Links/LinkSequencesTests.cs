using CsCheck;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Links;

namespace OrleansRooms.Publishing.Tests.Links;

public sealed class LinkSequencesTests
{
    private static readonly NodeIdentity From = new("a", 1);
    private readonly LinkSequences _sequences = new();

    [Fact]
    public void Accept_OneAfterTheOther_RepeatsAndLosesNothing()
    {
        Assert.Equal((0, 0L), Accept(1, 3));
        Assert.Equal((0, 0L), Accept(4, 1));
    }

    [Fact]
    public void Accept_BatchTwice_IsAllRepeated()
    {
        Accept(1, 3);
        Assert.Equal((3, 0L), Accept(1, 3));
        Assert.Equal((0, 0L), Accept(4, 1));
    }

    [Fact]
    public void Accept_Overlap_RepeatsItsBeginning()
    {
        Accept(1, 3);
        Assert.Equal((2, 0L), Accept(2, 4));
        Assert.Equal((0, 0L), Accept(6, 1));
    }

    [Fact]
    public void Accept_Gap_IsLostOnce()
    {
        Accept(1, 1);
        Assert.Equal((0, 3L), Accept(5, 1));
        Assert.Equal((0, 0L), Accept(6, 1));
    }

    [Fact]
    public void Accept_NoNumbers_IsAlwaysNew()
    {
        Assert.Equal((0, 0L), Accept(0, 3));
        Assert.Equal((0, 0L), Accept(0, 3));
    }

    [Fact]
    public void Accept_AnotherRunOfTheNode_CountsFromTheStart()
    {
        Accept(1, 3);
        Assert.Equal((0, 0L), Accept(1, 3, new NodeIdentity("a", 2)));
    }

    [Fact]
    public void Prune_DepartedAndLongSilent_IsForgotten()
    {
        Accept(1, 3, now: 10);
        _sequences.Prune(_ => true, silentSince: 9);
        Assert.Equal((3, 0L), Accept(1, 3, now: 11));
        _sequences.Prune(_ => false, silentSince: 20);
        Assert.Equal((3, 0L), Accept(1, 3, now: 12));
        _sequences.Prune(_ => true, silentSince: 20);
        Assert.Equal((0, 0L), Accept(1, 3));
    }

    /// <summary>A publisher that repeats the batch whose answer was lost is heard once, whatever it repeats.</summary>
    [Fact]
    public void AnyRepetition_DeliversEachEnvelopeOnceInOrder() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 3]).Array[0, 40].Sample(batches =>
        {
            var sequences = new LinkSequences();
            var next = 1L;
            var delivered = new List<long>();
            foreach (var (count, repetitions) in batches)
            {
                for (var i = 0; i <= repetitions; i++)
                {
                    var skip = sequences.Accept(Batch(From, next, count), now: 0, out var lost);
                    Assert.Equal(0, lost);
                    for (var n = skip; n < count; n++) delivered.Add(next + n);
                }

                next += count;
            }

            Assert.Equal(Enumerable.Range(1, (int)next - 1).Select(n => (long)n), delivered);
        });

    private static EnvelopeBatch Batch(NodeIdentity from, long sequence, int count) =>
        new(from, [.. Enumerable.Repeat(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/" }, count)], sequence);

    private (int Repeated, long Lost) Accept(long sequence, int count, NodeIdentity? from = null, long now = 0)
    {
        var repeated = _sequences.Accept(Batch(from ?? From, sequence, count), now, out var lost);
        return (repeated, lost);
    }
}
