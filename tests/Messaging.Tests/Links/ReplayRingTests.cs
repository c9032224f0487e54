using System.Globalization;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Tests.Links;

public sealed class ReplayRingTests
{
    private readonly List<OutboundMessage> _released = [];

    [Fact]
    public void Messages_AreKeptUntilTheyAreAcknowledged()
    {
        var ring = Ring("a", "b", "c");
        Assert.Equal(["a", "b", "c"], Carry(ring));
        Assert.Equal(3, ring.Count);

        ring.OnAcknowledged(new(2, SendAgain: false), _released);
        Assert.Equal(["a", "b"], _released.Select(NameOf));
        Assert.Equal((1, 3L, 4L, 4L), (ring.Count, ring.Oldest, ring.Cursor, ring.Next));
        Assert.True(ring.Bytes > 0);

        ring.OnAcknowledged(new(3, SendAgain: false), _released);
        Assert.Equal((0, 0L), (ring.Count, ring.Bytes));
    }

    [Fact]
    public void SendAgain_StartsAfterTheAcknowledgement()
    {
        var ring = Ring("a", "b", "c");
        Carry(ring);
        ring.OnAcknowledged(new(1, SendAgain: true), _released);

        Assert.Equal(["b", "c"], Carry(ring));
        Assert.Empty(Carry(ring));
    }

    [Fact]
    public void SendAgain_WhileABatchIsUnderWay_IsNotUndoneWhenItIsCarried()
    {
        var ring = Ring("a", "b");
        var sequence = ring.Cursor;
        var batch = ring.Take(1, long.MaxValue);
        ring.OnCarried(sequence, batch.Length);
        var second = ring.Take(1, long.MaxValue);
        ring.OnAcknowledged(new(0, SendAgain: true), _released);
        Assert.Equal(0, ring.OnCarried(2, second.Length));

        Assert.Equal(["a", "b"], ring.Take(10, long.MaxValue).Select(NameOf));
        Assert.Equal(2, ring.OnCarried(1, 2));
    }

    [Fact]
    public void Acknowledgement_BeforeTheCarrierHasAnswered_MovesOn()
    {
        var ring = Ring("a", "b");
        var batch = ring.Take(1, long.MaxValue);
        ring.OnAcknowledged(new(1, SendAgain: false), _released);
        ring.OnCarried(1, batch.Length);

        Assert.Equal(["b"], Carry(ring));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Acknowledgement_ThatIsOldOrOfTheFuture_ChangesNothing(long upTo)
    {
        var ring = Ring("a", "b", "c");
        Carry(ring);
        ring.OnAcknowledged(new(1, SendAgain: false), _released);
        ring.OnAcknowledged(new(upTo, SendAgain: true), _released);

        Assert.Equal((2, 4L), (ring.Count, ring.Cursor));
    }

    [Fact]
    public void Batches_StayWithinTheLimitsButCarryAtLeastOne()
    {
        var ring = Ring("a", "b", "c");
        Assert.Single(ring.Take(10, bytesAtMost: 1));
        Assert.Equal(2, ring.Take(2, long.MaxValue).Length);
    }

    [Fact]
    public void Bound_OnMessagesAndBytes_LeavesNothingFree()
    {
        var ring = new ReplayRing(2, long.MaxValue);
        ring.Add(Message("a"));
        Assert.Equal(1, ring.FreeMessages);
        ring.Add(Message("b"));
        Assert.Equal(0, ring.FreeMessages);

        var narrow = new ReplayRing(100, maxBytes: 100);
        Assert.Equal(100, narrow.FreeMessages);
        narrow.Add(Message("a"));
        Assert.Equal(0, narrow.FreeMessages);
    }

    [Fact]
    public void Silence_AfterASend_AsksForAnAcknowledgement()
    {
        var ring = Ring("a");
        for (var i = 0; i < ReplayRing.PatienceTicks; i++)
        {
            Assert.False(ring.IsProbeDue);
            ring.Tick();
        }

        Assert.True(ring.IsProbeDue);
        ring.Probed();
        Assert.False(ring.IsProbeDue);

        ring.OnAcknowledged(new(1, SendAgain: false), _released);
        for (var i = 0; i < 2 * ReplayRing.PatienceTicks; i++) ring.Tick();
        Assert.False(ring.IsProbeDue);
    }

    [Fact]
    public void Restart_KeepsWhatWasNeverCarried()
    {
        var ring = Ring("a", "b", "c");
        ring.OnCarried(1, ring.Take(2, long.MaxValue).Length);
        ring.Restart(_released);

        Assert.Equal(["a", "b"], _released.Select(NameOf));
        Assert.Equal((1L, 2L), (ring.Cursor, ring.Next));
        Assert.Equal(["c"], Carry(ring));
    }

    [Fact]
    public void Numbers_MayBeginAnywhere_AndWrapInTheRing()
    {
        var ring = new ReplayRing(1000, long.MaxValue, first: 5000);
        for (var i = 0; i < 500; i++)
        {
            ring.Add(Message($"{i}"));
            if (i % 3 != 0) continue;
            var sequence = ring.Cursor;
            var taken = ring.Take(10, long.MaxValue);
            Assert.Equal(5000 + int.Parse(NameOf(taken[0]), CultureInfo.InvariantCulture), sequence);
            ring.OnCarried(sequence, taken.Length);
            ring.OnAcknowledged(new(ring.Cursor - 1, SendAgain: false), _released);
        }

        Assert.Equal(500 - ring.Count, _released.Count);
        Assert.Equal(Enumerable.Range(0, _released.Count).Select(i => $"{i}"), _released.Select(NameOf));
    }

    private static ReplayRing Ring(params string[] messages)
    {
        var ring = new ReplayRing(1000, long.MaxValue);
        foreach (var message in messages) ring.Add(Message(message));
        return ring;
    }

    private static string[] Carry(ReplayRing ring)
    {
        var sequence = ring.Cursor;
        var envelopes = ring.Take(1000, long.MaxValue);
        ring.OnCarried(sequence, envelopes.Length);
        return [.. envelopes.Select(NameOf)];
    }

    private static OutboundMessage Message(string name) =>
        new(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [name] });

    private static string NameOf(OutboundMessage message) => NameOf(message.Envelope);

    private static string NameOf(Envelope envelope) => envelope.Rooms[0];
}
