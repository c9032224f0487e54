namespace OrleansRooms.SocketIO.Connections;

/// <summary>Calls back once, when the earliest of several authentications expires.</summary>
internal sealed class AuthenticationExpiry : IDisposable
{
    // Timers cannot wait for months.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _onExpired;
    private readonly ITimer _timer;
    private DateTimeOffset _at = DateTimeOffset.MaxValue;

    public AuthenticationExpiry(TimeProvider time, Action onExpired)
    {
        _time = time;
        _onExpired = onExpired;
        _timer = time.CreateTimer(
            static state => ((AuthenticationExpiry)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>One authentication expires then.</summary>
    public void Add(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (at < _at)
            {
                _at = at;
                Wait_NeedsLock();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_time.GetUtcNow() < _at)
            {
                Wait_NeedsLock();
                return;
            }
        }

        _onExpired();
    }

    private void Wait_NeedsLock()
    {
        var left = _at - _time.GetUtcNow();
        _timer.Change(left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestWait ? left : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
