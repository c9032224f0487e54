using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Events;

/// <summary>
/// Listeners in the order in which they are called. A caller works on the list as it is when it begins, so listeners may be added and
/// removed meanwhile, from any thread. The same delegate added twice is two listeners.
/// </summary>
internal sealed class Listeners<T>
    where T : class
{
    private ImmutableArray<Entry> _entries = [];

    /// <summary>Creates an empty list.</summary>
    public Listeners()
    {
    }

    /// <summary>Creates a list that begins with the listeners of another.</summary>
    public Listeners(Listeners<T> other) => _entries = other._entries;

    /// <summary>The listeners as they are now.</summary>
    public ImmutableArray<Entry> Current => _entries;

    /// <summary>Adds a listener behind, or in front of, the others.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="first">Whether it comes before the others.</param>
    /// <param name="asGiven">What the application gave, if that is something else.</param>
    public IDisposable Add(T listener, bool first = false, object? asGiven = null)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var entry = new Entry(listener, asGiven ?? listener);
        ImmutableInterlocked.Update(ref _entries, (list, added) => first ? list.Insert(0, added) : list.Add(added), entry);
        return new Registration(() => ImmutableInterlocked.Update(ref _entries, (list, removed) => list.Remove(removed), entry));
    }

    /// <summary>Removes all listeners.</summary>
    public void Clear() => ImmutableInterlocked.InterlockedExchange(ref _entries, []);

    /// <summary>One listener; an object so that equal delegates stay apart.</summary>
    internal sealed class Entry(T listener, object asGiven)
    {
        public T Listener { get; } = listener;

        /// <summary>What the application gave.</summary>
        public object AsGiven { get; } = asGiven;
    }
}
