using CsCheck;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Tests.Links;

/// <summary>
/// Both ends of a link over a carrier that loses, doubles and reorders: what is taken is what was sent, once and in order.
/// </summary>
public sealed class LinkModelTests
{
    // What happens, and a number that says to which batch, where it matters.
    private static readonly Gen<(Step Step, int Which)> Happening = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Step.Emit)),
            (6, Gen.Const(Step.Send)),
            (8, Gen.Const(Step.Arrive)),
            (8, Gen.Const(Step.HandOn)),
            (4, Gen.Const(Step.Tell)),
            (6, Gen.Const(Step.HearBack)),
            (2, Gen.Const(Step.Tick)),
            (2, Gen.Const(Step.LoseOne)),
            (1, Gen.Const(Step.LoseAll)),
            (2, Gen.Const(Step.Double)),
            (4, Gen.Const(Step.ArriveOutOfOrder)),
            (1, Gen.Const(Step.SendFails)),
            (1, Gen.Const(Step.Refuse)),
            (1, Gen.Const(Step.Resume)),
            (1, Gen.Const(Step.ForgetPublisher))),
        Gen.Int[0, 1000]);

    private enum Step
    {
        Emit, Send, Arrive, HandOn, Tell, HearBack, Tick, LoseOne, LoseAll, Double, ArriveOutOfOrder, SendFails,
        Refuse, Resume, ForgetPublisher,
    }

    [Fact]
    public void Link_OverAnUnreliableCarrier_DeliversEachOnceAndInOrder() => Happening.List[0, 400].Sample(steps =>
    {
        var link = new Link();
        foreach (var (step, which) in steps)
        {
            link.Do(step, which);
            Assert.True(link.Taken.SequenceEqual(link.Sent.Take(link.Taken.Count)), "What was taken is no beginning of what was sent.");
            Assert.False(link.IsAheadOfItself, "What waits was acknowledged.");
        }

        link.Settle();
        Assert.Equal(link.Sent, link.Taken);
        Assert.Equal(0, link.Unacknowledged);
    });

    /// <summary>The two ends, driven as the link's shell drives them.</summary>
    private sealed class Link
    {
        private static readonly NodeIdentity A = new("a", 1);
        private static readonly NodeIdentity B = new("b", 1);

        private readonly Queue<OutboundMessage> _queue = new();
        private readonly ReplayRing _ring = new(maxMessages: 20, maxBytes: long.MaxValue);
        private readonly UnreliableCarrier _there = new();
        private readonly UnreliableCarrier _back = new();
        private readonly List<OutboundMessage> _released = [];
        private readonly Queue<(LinkReceiver Receiver, long Number)> _waiting = new();
        private LinkReceiver _receiver = new();
        private bool _isAnswerDue;
        private bool _isFull;
        private bool _mayBeAhead;

        public List<string> Sent { get; } = [];

        /// <summary>Whether something was acknowledged that still waits to be handed on, though nobody was asked to send again.</summary>
        public bool IsAheadOfItself { get; private set; }

        public List<string> Taken { get; } = [];

        public int Unacknowledged => _ring.Count + _queue.Count;

        public void Do(Step step, int which)
        {
            switch (step)
            {
                case Step.Emit:
                    Sent.Add($"{Sent.Count}");
                    _queue.Enqueue(
                        new OutboundMessage(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [Sent[^1]] }));
                    break;
                case Step.Send:
                    Send(batchSize: 1 + (which % 5), isTaken: true);
                    break;
                case Step.SendFails:
                    // It throws, and yet the batch may have got there.
                    Send(batchSize: 1 + (which % 5), isTaken: false);
                    break;
                case Step.Arrive:
                    Arrive(_there.Deliver(0));
                    break;
                case Step.HandOn:
                    HandOn();
                    break;
                case Step.ArriveOutOfOrder:
                    Arrive(_there.Deliver(which));
                    HearBack(_back.Deliver(which));
                    break;
                case Step.Tell when _receiver.IsDue || which % 2 == 0:
                    Tell();
                    break;
                case Step.HearBack:
                    HearBack(_back.Deliver(0));
                    break;
                case Step.Tick:
                    _receiver.Tick();
                    _ring.Tick();
                    break;
                case Step.LoseOne:
                    (which % 2 == 0 ? _there : _back).Lose(which / 2);
                    break;
                case Step.LoseAll:
                    (which % 2 == 0 ? _there : _back).LoseAll();
                    break;
                case Step.Double:
                    (which % 2 == 0 ? _there : _back).Double(which / 2);
                    break;
                case Step.Refuse:
                    _isFull = true;
                    break;
                case Step.Resume:
                    Resume();
                    break;
                case Step.ForgetPublisher when _receiver.IsSettled && Unacknowledged == 0 && _there.IsEmpty:
                    // It has been silent for a minute: nothing is under way any more.
                    _receiver = new LinkReceiver();
                    break;
            }
        }

        /// <summary>Nothing goes wrong any more, and time passes.</summary>
        public void Settle()
        {
            Resume();
            for (var i = 0; i < 2000 && (Unacknowledged > 0 || !_there.IsEmpty || !_back.IsEmpty); i++)
            {
                Send(batchSize: 5, isTaken: true);
                Arrive(_there.Deliver(0));
                HandOn();
                if (_receiver.IsDue) Tell();
                HearBack(_back.Deliver(0));
                _receiver.Tick();
                _ring.Tick();
            }
        }

        private void Send(int batchSize, bool isTaken)
        {
            while (_ring.Cursor == _ring.Next && _ring.FreeMessages > 0 && _queue.TryDequeue(out var message)) _ring.Add(message);
            var envelopes = _ring.Take(batchSize, long.MaxValue);
            if (envelopes.Length == 0 && !_ring.IsProbeDue && !_isAnswerDue) return;
            var sequence = _ring.Cursor;
            _there.Send(
                new EnvelopeBatch(
                    A, envelopes, sequence, _ring.Oldest, Flags: _ring.IsProbeDue ? LinkFlags.AcknowledgeNow : LinkFlags.None));
            if (!isTaken) return;
            _isAnswerDue = false;
            if (_ring.IsProbeDue) _ring.Probed();
            if (envelopes.Length > 0) _ring.OnCarried(sequence, envelopes.Length);
        }

        private void Arrive(EnvelopeBatch? batch)
        {
            if (batch is null) return;
            Take(batch);
            while (_receiver.TryTakeEarly(out var early)) Take(early);
        }

        private void Take(EnvelopeBatch batch)
        {
            for (var i = _receiver.Offer(batch, out _); i < batch.Envelopes.Length; i++)
            {
                if (_isFull)
                {
                    _receiver.Refuse();
                    return;
                }

                Taken.Add(batch.Envelopes[i].Rooms[0]);
                // Some have to be handed on, some do not.
                var waits = Taken.Count % 3 != 0;
                if (waits) _waiting.Enqueue((_receiver, _receiver.Next));
                _receiver.Take(1, waits);
            }
        }

        private void HandOn()
        {
            if (_waiting.TryDequeue(out var next) && next.Receiver.HandOn(next.Number, 1)) next.Receiver.TellNow();
        }

        private void Tell()
        {
            var told = _receiver.TakeAcknowledgement();
            _mayBeAhead |= told.SendAgain;
            IsAheadOfItself |= !_mayBeAhead && _waiting.TryPeek(out var next) && next.Number <= told.UpTo;
            _back.Send(new EnvelopeBatch(B, [], Acknowledged: told.UpTo, Flags: told.SendAgain ? LinkFlags.SendAgain : LinkFlags.None));
        }

        private void HearBack(EnvelopeBatch? batch)
        {
            if (batch is null) return;
            var told = new LinkAcknowledgement(batch.Acknowledged, (batch.Flags & LinkFlags.SendAgain) != 0);
            _ring.OnAcknowledged(told, _released);
            _isAnswerDue |= told.SendAgain && _ring.Cursor == _ring.Next;
        }

        private void Resume()
        {
            _isFull = false;
            _receiver.Resume();
        }
    }
}
