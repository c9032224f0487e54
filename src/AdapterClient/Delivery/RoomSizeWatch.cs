using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>Those who want to hear the cluster-wide sizes of this node's rooms.</summary>
internal sealed partial class RoomSizeWatch(LocalRooms rooms, NodeNamespace ns, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private Action<RoomSize>? _listeners;

    public IDisposable Add(Action<RoomSize> listener)
    {
        lock (_lock)
        {
            _listeners += listener;
        }

        ns.WatchSizes();
        return new Watch(this, listener);
    }

    /// <summary>Takes a notice of a room's owner. Called for one at a time.</summary>
    public void OnNotice(Envelope notice)
    {
        if (notice.Targets is not [var wire])
        {
            return;
        }

        var room = WireName.Read(wire);

        // Nobody here to tell it to, or a private room.
        if (rooms.Size(room) == 0 || rooms.IsKnown(room))
        {
            return;
        }

        Action<RoomSize>? listeners;
        lock (_lock)
        {
            if (_versions.TryGetValue(room, out var known) && known >= notice.Version)
            {
                return;
            }

            _versions[room] = notice.Version;
            listeners = _listeners;
        }

        if (rooms.Size(room) == 0)
        {
            // The last socket left meanwhile; its leaving has been noted before this was.
            Forget(room);
            return;
        }

        try
        {
            listeners?.Invoke(new RoomSize(room, notice.Count));
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(logger, room, ns.Name, exception);
        }
    }

    /// <summary>The last socket of this node left a room. Called under the rooms' lock.</summary>
    public void Forget(string room)
    {
        lock (_lock)
        {
            _versions.Remove(room);
        }
    }

    private void Remove(Action<RoomSize> listener)
    {
        lock (_lock)
        {
            _listeners -= listener;
        }

        ns.StopWatchingSizes();
    }

    private sealed class Watch(RoomSizeWatch watch, Action<RoomSize> listener) : IDisposable
    {
        private Action<RoomSize>? _listener = listener;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _listener, null) is { } removed)
            {
                watch.Remove(removed);
            }
        }
    }
}
