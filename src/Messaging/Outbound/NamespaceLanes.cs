using System.Diagnostics.CodeAnalysis;

namespace OrleansRooms.Messaging.Outbound;

/// <summary>
/// Messages by namespace: each namespace's in their order, the namespaces in turn, which order between namespaces leaves open. Not
/// thread-safe.
/// </summary>
internal sealed class NamespaceLanes
{
    // After so many bytes it is the next namespace's turn; one message may be larger.
    private const int BytesPerTurn = 64 * 1024;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private Queue<Lane> _turns = new();
    private Lane? _last;
    private long _bytesOfTurn;

    /// <summary>Adds a message behind the others of its namespace.</summary>
    public void Enqueue(OutboundMessage message)
    {
        var ns = message.Envelope.Namespace;
        var lane = _last is { } last && last.Namespace == ns ? last : Find(ns);
        if (lane.Waiting.Count == 0)
        {
            _turns.Enqueue(lane);
        }

        lane.Waiting.Enqueue(message);
    }

    /// <summary>The message that is next.</summary>
    public bool TryPeek([NotNullWhen(true)] out OutboundMessage? next)
    {
        next = null;
        return _turns.TryPeek(out var lane) && lane.Waiting.TryPeek(out next);
    }

    /// <summary>Takes the message that is next.</summary>
    public void Dequeue()
    {
        var lane = _turns.Peek();
        _bytesOfTurn += lane.Waiting.Dequeue().Size;
        if (lane.Waiting.Count > 0 && _bytesOfTurn < BytesPerTurn)
        {
            return;
        }

        _bytesOfTurn = 0;
        _turns.Dequeue();
        if (lane.Waiting.Count > 0)
        {
            _turns.Enqueue(lane);
        }
        else
        {
            Forget(lane);
        }
    }

    /// <summary>Removes the messages that a condition holds for, which is asked once for each, in the order of a namespace.</summary>
    public void RemoveAll(Predicate<OutboundMessage> condition)
    {
        var turns = new Queue<Lane>(_turns.Count);
        foreach (var lane in _turns)
        {
            var kept = new Queue<OutboundMessage>(lane.Waiting.Count);
            foreach (var message in lane.Waiting)
            {
                if (!condition(message))
                {
                    kept.Enqueue(message);
                }
            }

            lane.Waiting = kept;
            if (kept.Count > 0)
            {
                turns.Enqueue(lane);
            }
            else
            {
                Forget(lane);
            }
        }

        _turns = turns;
        _bytesOfTurn = 0;
    }

    private Lane Find(string ns)
    {
        if (!_lanes.TryGetValue(ns, out var lane))
        {
            lane = new Lane(ns);
            _lanes.Add(ns, lane);
        }

        var former = _last;
        _last = lane;
        if (former is { Waiting.Count: 0 })
        {
            Forget(former);
        }

        return lane;
    }

    // The last one that was added to is kept: most often it is the only one, and would have to be made again for every message that comes
    // alone.
    private void Forget(Lane empty)
    {
        if (empty != _last)
        {
            _lanes.Remove(empty.Namespace);
        }
    }

    private sealed class Lane(string ns)
    {
        public string Namespace => ns;

        public Queue<OutboundMessage> Waiting { get; set; } = new();
    }
}
