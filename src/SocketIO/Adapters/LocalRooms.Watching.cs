namespace OrleansRooms.SocketIO.Adapters;

/// <content>Listeners for rooms as they are in the whole cluster, of which a server without an adapter is all.</content>
public sealed partial class LocalRooms
{
    private Action<RoomSize>? _sizeListeners;
    private Action<RoomChange>? _roomListeners;

    /// <summary>Tells a listener the size of every room whose size changes, private rooms left out.</summary>
    internal IDisposable WatchSizes(Action<RoomSize> listener)
    {
        lock (_lock)
        {
            _sizeListeners += listener;
        }

        return new SizeWatch(this, listener);
    }

    /// <summary>Tells a listener of every room that begins or ends, those whose names look like a socket id left out.</summary>
    internal RoomWatch WatchRooms(Action<RoomChange> listener)
    {
        lock (_lock)
        {
            _roomListeners += listener;
        }

        return new RoomWatch(Task.CompletedTask, () =>
        {
            lock (_lock)
            {
                _roomListeners -= listener;
            }
        });
    }

    private void NoteChange(string room, RoomEventKind kind)
    {
        if (_roomListeners is not null && !LooksLikeSocketId(room))
        {
            _events.Add(new RoomEvent(kind, room));
        }
    }

    private void NoteSize(string room)
    {
        if (_sizeListeners is null || _table.IsKnown(room))
        {
            return;
        }

        var size = _table.SizeOf(room);
        if (size > 0)
        {
            _events.Add(new RoomEvent(RoomEventKind.Sized, room, Size: size));
        }
    }

    private sealed class SizeWatch(LocalRooms rooms, Action<RoomSize> listener) : IDisposable
    {
        private Action<RoomSize>? _listener = listener;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _listener, null) is { } removed)
            {
                lock (rooms._lock)
                {
                    rooms._sizeListeners -= removed;
                }
            }
        }
    }
}
