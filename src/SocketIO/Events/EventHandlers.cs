using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Events;

/// <summary>The handlers of one socket, or of one namespace for server-side events, by event name in the order of registration.</summary>
/// <typeparam name="TContext">What a handler gets.</typeparam>
internal sealed class EventHandlers<TContext>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<Handler>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Adds a handler.</summary>
    public IDisposable Add(string eventName, Func<TContext, ValueTask> handle, bool once)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(handle);
        var handler = new Handler(handle, once);
        lock (_gate)
        {
            _handlers[eventName] = Find_NeedsLock(eventName).Add(handler);
        }

        return new Registration(() => Remove(eventName, handler));
    }

    /// <summary>
    /// The handlers for an event that has come; those that were registered for one event only are removed by this.
    /// </summary>
    public ImmutableArray<Handler> Take(string eventName)
    {
        lock (_gate)
        {
            var found = Find_NeedsLock(eventName);
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
        lock (_gate)
        {
            if (eventName is null)
            {
                _handlers.Clear();
            }
            else
            {
                _handlers.Remove(eventName);
            }
        }
    }

    private void Remove(string eventName, Handler handler)
    {
        lock (_gate)
        {
            Remove_NeedsLock(eventName, handler);
        }
    }

    private void Remove_NeedsLock(string eventName, Handler handler)
    {
        var rest = Find_NeedsLock(eventName).Remove(handler);
        if (rest.IsEmpty)
        {
            _handlers.Remove(eventName);
        }
        else
        {
            _handlers[eventName] = rest;
        }
    }

    private ImmutableArray<Handler> Find_NeedsLock(string eventName) =>
        _handlers.TryGetValue(eventName, out var found) ? found : [];

    /// <summary>One registration; an object so that equal delegates stay apart.</summary>
    internal sealed class Handler(Func<TContext, ValueTask> handle, bool isOnce)
    {
        public bool IsOnce { get; } = isOnce;

        public ValueTask HandleAsync(TContext context) => handle(context);
    }
}
