using System.Diagnostics.CodeAnalysis;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>Something that carries its own key in an <see cref="InsertionOrderedMap{T}"/>.</summary>
internal interface IKeyed
{
    string Key { get; }
}

/// <summary>
/// A map that is walked in the order of insertion and forgets in constant time, as a JavaScript <c>Map</c> does. Not thread-safe. A struct,
/// of which there must be no copies that change: every socket and every room has one.
/// </summary>
/// <remarks>
/// Most rooms hold one socket and most sockets are in a few rooms, so small maps are searched without an index: an index for each of them
/// would cost more memory than all the rest.
/// </remarks>
internal struct InsertionOrderedMap<T>
    where T : class, IKeyed
{
    private const int IndexFrom = 9;

    private T?[] _slots = [];
    private int _used;
    private Dictionary<string, int>? _index;

    public InsertionOrderedMap()
    {
    }

    public int Count { get; private set; }

    public readonly bool Contains(string key) => FindSlot(key) >= 0;

    public readonly bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        var slot = FindSlot(key);
        value = slot >= 0 ? _slots[slot] : null;
        return value is not null;
    }

    /// <summary>Adds a value behind all others unless its key is present.</summary>
    public bool TryAdd(T value)
    {
        if (Contains(value.Key))
        {
            return false;
        }

        if (_used == _slots.Length)
        {
            MakeRoom();
        }

        _slots[_used] = value;
        _index?.Add(value.Key, _used);
        _used++;
        Count++;
        if (_index is null && Count >= IndexFrom)
        {
            BuildIndex();
        }

        return true;
    }

    public bool Remove(string key)
    {
        var slot = FindSlot(key);
        if (slot < 0)
        {
            return false;
        }

        _slots[slot] = null;
        _index?.Remove(key);
        Count--;
        if (Count == 0)
        {
            _used = 0;
            _slots = [];
            _index = null;
        }
        else if (_used > 16 && Count < _used / 4)
        {
            Compact(_used / 2);
        }

        return true;
    }

    public readonly Enumerator GetEnumerator() => new(_slots, _used);

    private readonly int FindSlot(string key)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out var slot) ? slot : -1;
        }

        for (var i = 0; i < _used; i++)
        {
            if (_slots[i] is { } value && value.Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private void MakeRoom()
    {
        // Holes are closed first: a room with steady coming and going stays as small as its members need.
        if (_used - Count > _used / 4)
        {
            Compact(_slots.Length);
        }
        else
        {
            Compact(_slots.Length == 0 ? 1 : _slots.Length * 2);
        }
    }

    private void Compact(int capacity)
    {
        var slots = new T?[capacity];
        var next = 0;
        for (var i = 0; i < _used; i++)
        {
            if (_slots[i] is { } value)
            {
                slots[next++] = value;
            }
        }

        _slots = slots;
        _used = next;
        if (_index is not null)
        {
            BuildIndex();
        }
    }

    private void BuildIndex()
    {
        _index = new Dictionary<string, int>(_slots.Length, StringComparer.Ordinal);
        for (var i = 0; i < _used; i++)
        {
            if (_slots[i] is { } value)
            {
                _index.Add(value.Key, i);
            }
        }
    }

    /// <summary>Walks the values in the order of insertion; the map must not change meanwhile.</summary>
    public struct Enumerator(T?[] slots, int used)
    {
        private int _next;

        public T Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next < used)
            {
                if (slots[_next++] is { } value)
                {
                    Current = value;
                    return true;
                }
            }

            return false;
        }
    }
}
