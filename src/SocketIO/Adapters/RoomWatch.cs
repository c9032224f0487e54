namespace OrleansRooms.SocketIO.Adapters;

/// <summary>A listener for rooms that come and go, until it is disposed. Thread-safe.</summary>
public sealed class RoomWatch : IDisposable
{
    private Action? _stop;

    /// <summary>Made by adapters.</summary>
    /// <param name="started">See <see cref="Started"/>.</param>
    /// <param name="stop">Called once, when the watch is disposed.</param>
    public RoomWatch(Task started, Action stop)
    {
        ArgumentNullException.ThrowIfNull(started);
        ArgumentNullException.ThrowIfNull(stop);
        Started = started;
        _stop = stop;
    }

    /// <summary>
    /// Completes when everything that happens from then on will be told, which takes until the cluster has answered; cancelled when the
    /// watch, or the namespace, ends before. Do not await it before the host has started.
    /// </summary>
    public Task Started { get; }

    /// <summary>Ends the watch; a call to the listener that is under way may still go on.</summary>
    public void Dispose() => Interlocked.Exchange(ref _stop, null)?.Invoke();
}
