using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Events;

/// <summary>The handlers of one socket, or of one namespace for server-side events, by event name in the order of registration.</summary>
/// <remarks>
/// There are few names and very many sockets: names are looked for one after the other, which is as fast as hashing them, and takes a third
/// of a dictionary's memory. Nobody else sees the object, so it is its own lock.
/// </remarks>
/// <typeparam name="TContext">What a handler gets.</typeparam>
internal sealed class EventHandlers<TContext>
{
    private Entry[] _entries = [];
    private int _count;

    /// <summary>Adds a handler.</summary>
    public IDisposable Add(string eventName, Func<TContext, ValueTask> handle, bool once)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(handle);
        var handler = new Handler(handle, once);
        lock (this)
        {
            var index = Find_NeedsLock(eventName);
            if (index < 0)
            {
                Append_NeedsLock(new Entry(eventName, [handler]));
            }
            else
            {
                _entries[index] = new Entry(eventName, _entries[index].Handlers.Add(handler));
            }
        }

        return new Registration(() => Remove(eventName, handler));
    }

    /// <summary>
    /// The handlers for an event that has come; those that were registered for one event only are removed by this.
    /// </summary>
    public ImmutableArray<Handler> Take(string eventName)
    {
        lock (this)
        {
            var index = Find_NeedsLock(eventName);
            if (index < 0)
            {
                return [];
            }

            var found = _entries[index].Handlers;
            foreach (var handler in found)
            {
                if (handler.IsOnce)
                {
                    Remove_NeedsLock(eventName, handler);
                }
            }

            return found;
        }
    }

    /// <summary>Removes the handlers of one event, or of all.</summary>
    public void Clear(string? eventName)
    {
        lock (this)
        {
            if (eventName is null)
            {
                _entries = [];
                _count = 0;
            }
            else if (Find_NeedsLock(eventName) is >= 0 and var index)
            {
                RemoveAt_NeedsLock(index);
            }
        }
    }

    private void Remove(string eventName, Handler handler)
    {
        lock (this)
        {
            Remove_NeedsLock(eventName, handler);
        }
    }

    private void Remove_NeedsLock(string eventName, Handler handler)
    {
        var index = Find_NeedsLock(eventName);
        if (index < 0)
        {
            return;
        }

        var rest = _entries[index].Handlers.Remove(handler);
        if (rest.IsEmpty)
        {
            RemoveAt_NeedsLock(index);
        }
        else
        {
            _entries[index] = new Entry(eventName, rest);
        }
    }

    private int Find_NeedsLock(string eventName)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].EventName == eventName)
            {
                return i;
            }
        }

        return -1;
    }

    private void Append_NeedsLock(Entry entry)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count == 0 ? 2 : _count * 2);
        }

        _entries[_count++] = entry;
    }

    private void RemoveAt_NeedsLock(int index)
    {
        _count--;
        Array.Copy(_entries, index + 1, _entries, index, _count - index);
        _entries[_count] = default;
    }

    /// <summary>One registration; an object so that equal delegates stay apart.</summary>
    internal sealed class Handler(Func<TContext, ValueTask> handle, bool isOnce)
    {
        public bool IsOnce { get; } = isOnce;

        public ValueTask HandleAsync(TContext context) => handle(context);
    }

    private readonly record struct Entry(string EventName, ImmutableArray<Handler> Handlers);
}
