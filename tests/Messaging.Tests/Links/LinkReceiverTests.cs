using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Links;

namespace OrleansRooms.Messaging.Tests.Links;

public sealed class LinkReceiverTests
{
    private readonly LinkReceiver _receiver = new();

    [Fact]
    public void Batches_InOrder_AreTakenWhole()
    {
        Assert.Equal(0, Offer(1, 3));
        Assert.Equal(0, Offer(4, 2));
        Assert.Equal(6, _receiver.Next);
        Assert.False(_receiver.IsDue);
    }

    [Fact]
    public void Repetition_IsPassedOver_WholeAndInPart()
    {
        Offer(1, 3);
        Assert.Equal(3, Offer(1, 3));
        Assert.Equal(2, Offer(2, 4));
        Assert.Equal(6, _receiver.Next);
    }

    [Fact]
    public void WhatOvertakesOthers_IsTakenBehindThem_AndNobodyIsAsked()
    {
        Offer(1, 3);
        Assert.Equal(2, Offer(7, 2));
        Assert.Equal(2, Offer(5, 2));
        Assert.False(_receiver.TryTakeEarly(out _));
        _receiver.Tick();
        Assert.False(_receiver.IsDue);
        Assert.False(_receiver.IsSettled);

        Assert.Equal(0, Offer(4, 1));
        Assert.Equal([5, 7], TakeEarly());
        Assert.Equal(9, _receiver.Next);
        for (var i = 0; i < 10; i++) _receiver.Tick();
        Assert.Equal(new LinkAcknowledgement(8, SendAgain: false), _receiver.TakeAcknowledgement());
        Assert.Equal(0, _receiver.NewlyMissing);
        Assert.True(_receiver.IsSettled);
    }

    [Fact]
    public void WhatOvertakesOthers_AndComesAgainWithThem_IsPassedOver()
    {
        Offer(3, 2);
        Offer(3, 2);
        Assert.Equal(0, Offer(1, 3));
        // Of the kept one half has come.
        Assert.Equal([3], TakeEarly());
        Assert.Equal(5, _receiver.Next);
    }

    [Fact]
    public void Gap_ThatIsNotFilled_IsAskedForAndAskedForAgain()
    {
        Offer(1, 3);
        Offer(5, 2);
        TickUntilDue(atMost: 2);
        Assert.Equal(3, _receiver.NewlyMissing);
        Assert.Equal(new LinkAcknowledgement(3, SendAgain: true), _receiver.TakeAcknowledgement());
        Assert.Equal(1, Offer(7, 1));
        Assert.False(_receiver.IsDue);
        TickUntilDue(atMost: 3);
        Assert.Equal(0, _receiver.NewlyMissing);
        Assert.True(_receiver.TakeAcknowledgement().SendAgain);

        Assert.Equal(0, Offer(4, 4));
        Assert.Equal(new LinkAcknowledgement(7, SendAgain: false), _receiver.TakeAcknowledgement());
    }

    [Fact]
    public void Gap_BeforeMoreThanIsKept_IsAskedForAtOnce()
    {
        Offer(2, LinkReceiver.UnheardMessages);
        Assert.False(_receiver.IsDue);
        Offer(2 + LinkReceiver.UnheardMessages, 1);
        Assert.True(_receiver.IsDue);
        Assert.True(_receiver.TakeAcknowledgement().SendAgain);

        Offer(1, 1);
        Assert.Equal([2], TakeEarly());
        Assert.Equal(2 + LinkReceiver.UnheardMessages, _receiver.Next);
    }

    [Fact]
    public void Malformed_IsKeptLikeOthers()
    {
        Envelope[] malformed = [null!, new() { Kind = EnvelopeKind.Broadcast, Namespace = null! }];
        _receiver.Offer(new EnvelopeBatch(new NodeIdentity("a", 1), malformed, Sequence: 2), out var isEarly);
        Assert.True(isEarly);
        Offer(1, 1);
        Assert.Equal([2], TakeEarly());
        Assert.Equal(4, _receiver.Next);
    }

    [Fact]
    public void EmptyBatchThatOvertakesOthers_TellsThatTheyWereSent()
    {
        Offer(3, 0);
        Assert.False(_receiver.IsDue);
        TickUntilDue(atMost: 2);
        Assert.True(_receiver.TakeAcknowledgement().SendAgain);
    }

    [Fact]
    public void Gap_AtTheEnd_IsSeenByTheNextNumber()
    {
        Offer(1, 1);
        Offer(3, 0, LinkFlags.AcknowledgeNow);
        Assert.Equal(new LinkAcknowledgement(1, SendAgain: true), _receiver.TakeAcknowledgement());
    }

    [Fact]
    public void Acknowledgement_WaitsForSomethingToRideOn_ButNotForLong()
    {
        Offer(1, 3);
        Assert.False(_receiver.IsDue);
        TickUntilDue(atMost: 3);
        Assert.Equal(new LinkAcknowledgement(3, SendAgain: false), _receiver.TakeAcknowledgement());

        for (var i = 0; i < 10; i++) _receiver.Tick();
        Assert.False(_receiver.IsDue);
    }

    [Fact]
    public void Acknowledgement_OfManyMessagesOrBytes_DoesNotWait()
    {
        Offer(1, LinkReceiver.AcknowledgeAfterMessages - 1);
        Assert.False(_receiver.IsDue);
        Offer(LinkReceiver.AcknowledgeAfterMessages, 1);
        Assert.True(_receiver.IsDue);

        var other = new LinkReceiver();
        other.Take((int)LinkReceiver.AcknowledgeAfterBytes, waits: false);
        Assert.True(other.IsDue);
    }

    [Fact]
    public void WhatWaitsToBeHandedOn_IsAcknowledgedWhenItWas()
    {
        Offer(1, 2);
        Offer(3, LinkReceiver.AcknowledgeAfterMessages + 3, waits: true);
        for (var i = 0; i < 10; i++) _receiver.Tick();
        Assert.Equal(new LinkAcknowledgement(2, SendAgain: false), _receiver.TakeAcknowledgement());
        Assert.False(_receiver.IsDue);

        var number = 3L;
        while (!_receiver.HandOn(number, 1)) number++;
        _receiver.TellNow();
        Assert.Equal(2 + LinkReceiver.AcknowledgeAfterMessages, number);
        Assert.True(_receiver.IsDue);
        Assert.Equal(number, _receiver.TakeAcknowledgement().UpTo);
        // What needs no handing on is not acknowledged before what came earlier, and then without being waited for.
        Offer(number + 4, 1);
        Assert.Equal(number, _receiver.TakeAcknowledgement().UpTo);
        for (var left = number + 1; left < number + 4; left++) Assert.False(_receiver.HandOn(left, 1));
        Assert.Equal(number + 4, _receiver.TakeAcknowledgement().UpTo);
        Assert.True(_receiver.IsSettled);
    }

    [Fact]
    public void ManyBytesThatWereHandedOn_AreToldAtOnce()
    {
        Offer(1, 2, waits: true);
        Assert.False(_receiver.HandOn(1, (int)LinkReceiver.AcknowledgeAfterBytes - 1));
        Assert.True(_receiver.HandOn(2, 1));
    }

    [Fact]
    public void WhoIsAskedToSendAgain_IsToldOfAllThatHasCome()
    {
        Offer(1, 3, waits: true);
        _receiver.AskAgain();
        Assert.Equal(new LinkAcknowledgement(3, SendAgain: true), _receiver.TakeAcknowledgement());
    }

    [Fact]
    public void WhatThePublisherKeepsNoMore_IsNotToldAgain()
    {
        Offer(1, 3, waits: true);
        Offer(10, 2, oldest: 9, waits: true);
        Assert.Equal(8, _receiver.TakeAcknowledgement().UpTo);
    }

    [Fact]
    public void Oldest_BeyondWhatIsKnown_MovesOnWithoutAGap()
    {
        Assert.Equal(0, Offer(500, 2, oldest: 500));
        Assert.Equal(502, _receiver.Next);
        Assert.Equal(new LinkAcknowledgement(501, SendAgain: false), _receiver.TakeAcknowledgement());
    }

    [Fact]
    public void Refusal_AsksForNothingUntilThereIsRoom()
    {
        Offer(1, 1);
        _receiver.Refuse();
        Offer(5, 1);
        Assert.False(_receiver.IsDue);
        for (var i = 0; i < 5; i++) _receiver.Tick();
        Assert.False(_receiver.TakeAcknowledgement().SendAgain);

        _receiver.Resume();
        Assert.True(_receiver.IsDue);
        Assert.Equal(new LinkAcknowledgement(1, SendAgain: true), _receiver.TakeAcknowledgement());
    }

    [Fact]
    public void AskAgain_EndsWhenThePublisherHasNothingMore()
    {
        Offer(1, 1);
        _receiver.AskAgain();
        Assert.Equal(new LinkAcknowledgement(1, SendAgain: true), _receiver.TakeAcknowledgement());
        Offer(2, 0);
        for (var i = 0; i < 5; i++) _receiver.Tick();
        Assert.False(_receiver.IsDue);
    }

    private int Offer(long sequence, int count, LinkFlags flags = LinkFlags.None, long oldest = 1, bool waits = false)
    {
        var envelopes = Enumerable.Repeat(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/" }, count).ToArray();
        var first = _receiver.Offer(new EnvelopeBatch(new NodeIdentity("a", 1), envelopes, sequence, oldest, Flags: flags), out _);
        for (var i = first; i < count; i++) _receiver.Take(1, waits);
        return first;
    }

    // The numbers with which they began.
    private List<long> TakeEarly()
    {
        var taken = new List<long>();
        while (_receiver.TryTakeEarly(out var early))
        {
            taken.Add(early.Sequence);
            for (var i = _receiver.Offer(early, out _); i < early.Envelopes.Length; i++) _receiver.Take(1, waits: false);
        }

        return taken;
    }

    private void TickUntilDue(int atMost)
    {
        for (var i = 0; i < atMost && !_receiver.IsDue; i++) _receiver.Tick();
        Assert.True(_receiver.IsDue);
    }
}
