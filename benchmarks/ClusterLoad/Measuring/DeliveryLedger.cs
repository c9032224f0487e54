namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>
/// What one client got of what it had to get. Each publisher numbers its messages to each room from 1. Thread-safe: it is looked at while
/// messages come.
/// </summary>
internal sealed class DeliveryLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Publisher, int Room), Stretch> _stretches = [];
    private readonly Dictionary<int, long> _lastSent = [];

    /// <summary>Messages that came once more.</summary>
    public long Doubled { get; private set; }

    /// <summary>Messages that came behind a later one of the same publisher, be it to another room.</summary>
    public long Reordered { get; private set; }

    /// <summary>Notes a message.</summary>
    /// <param name="publisher">Who sent it.</param>
    /// <param name="room">To which room.</param>
    /// <param name="number">The publisher's number for it, in that room.</param>
    /// <param name="sent">The time stamp of its sending, by which one publisher's messages are ordered.</param>
    public void Note(int publisher, int room, long number, long sent)
    {
        lock (_lock)
        {
            if (!_stretches.TryGetValue((publisher, room), out var stretch))
            {
                _stretches.Add((publisher, room), stretch = new Stretch());
            }

            if (!stretch.Note(number))
            {
                Doubled++;
            }
            else if (sent < _lastSent.GetValueOrDefault(publisher))
            {
                Reordered++;
            }
            else
            {
                _lastSent[publisher] = sent;
            }
        }
    }

    /// <summary>How many of a publisher's messages to a room have come.</summary>
    public long ReceivedOf(int publisher, int room)
    {
        lock (_lock)
        {
            return _stretches.TryGetValue((publisher, room), out var stretch) ? stretch.Count : 0;
        }
    }

    private sealed class Stretch
    {
        private readonly HashSet<long> _missing = [];
        private long _last;

        public long Count => _last - _missing.Count;

        /// <summary>Notes a number; <see langword="false"/> when it was there before.</summary>
        public bool Note(long number)
        {
            if (number <= _last)
            {
                return _missing.Remove(number);
            }

            for (var skipped = _last + 1; skipped < number; skipped++)
            {
                _missing.Add(skipped);
            }

            _last = number;
            return true;
        }
    }
}
