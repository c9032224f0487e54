namespace OrleansRooms.SocketIO.Adapters;

/// <content>Those who want to hear of rooms as they are in the whole cluster: here this node is all of it.</content>
public sealed partial class InMemoryAdapter
{
    private Action<RoomSize>? _sizeListeners;
    private Action<RoomChange>? _roomListeners;

    /// <inheritdoc/>
    public IDisposable WatchRoomSizes(Action<RoomSize> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_lock)
        {
            _sizeListeners += listener;
        }

        return new SizeWatch(this, listener);
    }

    /// <inheritdoc/>
    public RoomWatch WatchRooms(Action<RoomChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
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

    private sealed class SizeWatch(InMemoryAdapter adapter, Action<RoomSize> listener) : IDisposable
    {
        private Action<RoomSize>? _listener = listener;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _listener, null) is { } removed)
            {
                lock (adapter._lock)
                {
                    adapter._sizeListeners -= removed;
                }
            }
        }
    }
}
