namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// Clients on long-polling that have closed their sessions while none of their GETs waited. One may be under way, behind the close packet
/// on another connection, and is answered as one that waited would have been. Thread-safe.
/// </summary>
internal sealed class Leavers(TimeProvider time)
{
    /// <summary>How many are remembered; the oldest go first.</summary>
    public const int Capacity = 1024;

    /// <summary>How long the GET may be under way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _leftAt = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long LeftAt)> _order = new();

    /// <summary>A client has closed its session.</summary>
    public void Add(string id)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= Capacity || time.GetElapsedTime(oldest.LeftAt, now) > Patience))
            {
                _order.Dequeue();
                if (_leftAt.TryGetValue(oldest.Id, out var leftAt) && leftAt == oldest.LeftAt) _leftAt.Remove(oldest.Id);
            }

            _leftAt[id] = now;
            _order.Enqueue((id, now));
        }
    }

    /// <summary>Whether a client has just closed its session and had no answer to a GET since; it has now.</summary>
    public bool TryTake(string id)
    {
        lock (_lock) return _leftAt.Remove(id, out var leftAt) && time.GetElapsedTime(leftAt) <= Patience;
    }
}
