namespace OrleansRooms.Messaging.Cluster;

/// <summary>
/// How long somebody waits for answers out of the cluster: until it stops itself, or owners of rooms are known to be lost. What was lost
/// with its silo never answers, and whatever takes its place can be called as soon as that is known; the others can be called twice.
/// Thread-safe.
/// </summary>
/// <param name="participant">Who hears of owners that are lost.</param>
/// <param name="stopping">Cancelled when there is nothing to call any more.</param>
internal sealed class CallTokens(ClusterParticipant participant, CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _current;
    private CancellationTokenRegistration _onStopping;
    private CancellationTokenRegistration _onLoss;

    /// <summary>The token of a call that begins now.</summary>
    public CancellationToken Next
    {
        get
        {
            var current = Volatile.Read(ref _current);
            return current is { IsCancellationRequested: false } ? current.Token : Renew();
        }
    }

    /// <summary>Lets go of everything; after the last call.</summary>
    public void End()
    {
        lock (_lock)
        {
            LetGo();
        }
    }

    private CancellationToken Renew()
    {
        lock (_lock)
        {
            if (stopping.IsCancellationRequested)
            {
                return stopping;
            }

            if (_current is null or { IsCancellationRequested: true })
            {
                LetGo();
                var next = new CancellationTokenSource();
                _onStopping = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), next);
                _onLoss = participant.OwnersLost.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), next);
                Volatile.Write(ref _current, next);
            }

            return _current.Token;
        }
    }

    // Not by Dispose, of a linked source or a registration: that waits for what it cancels, which may be waiting for this lock.
    private void LetGo()
    {
        _onStopping.Unregister();
        _onLoss.Unregister();
    }
}
