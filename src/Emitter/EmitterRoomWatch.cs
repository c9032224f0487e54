using OrleansRooms.Messaging.Queries;

namespace OrleansRooms.Emitter;

/// <summary>A listener for rooms that come and go, until it is disposed. Thread-safe.</summary>
public sealed class EmitterRoomWatch : IDisposable
{
    private RoomFollower? _follower;

    internal EmitterRoomWatch(RoomFollower follower)
    {
        _follower = follower;
        Started = follower.Started;
    }

    /// <summary>
    /// Completes when everything that happens from then on will be told, which takes until the cluster has answered; cancelled when the
    /// watch, or the emitter, ends before. Do not await it before the host has started.
    /// </summary>
    public Task Started { get; }

    /// <summary>Ends the watch; a call to the listener that is under way may still go on.</summary>
    public void Dispose() => Interlocked.Exchange(ref _follower, null)?.Dispose();
}
