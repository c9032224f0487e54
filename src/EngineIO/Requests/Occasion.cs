namespace OrleansRooms.EngineIO.Requests;

/// <summary>Something that clients can bring about at will and that is logged once a minute at most. Thread-safe.</summary>
internal sealed class Occasion(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _takenAt;

    /// <summary>Whether to log it this time.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            if (_takenAt is { } takenAt && time.GetElapsedTime(takenAt) < Pause) return false;
            _takenAt = time.GetTimestamp();
            return true;
        }
    }
}
