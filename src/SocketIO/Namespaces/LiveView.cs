using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>
/// What is there whenever somebody looks, in a form that cannot be changed. Each look is at one moment: what comes or goes during an
/// enumeration does not disturb it.
/// </summary>
/// <param name="look">Takes what is there.</param>
internal sealed class LiveView<T>(Func<IReadOnlyCollection<T>> look) : IReadOnlyList<T>
{
    public int Count => look().Count;

    public T this[int index] => look().ElementAt(index);

    public IEnumerator<T> GetEnumerator() => look().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// A dictionary that cannot be changed from outside, with its keys and values.
/// <see cref="System.Collections.ObjectModel.ReadOnlyDictionary{TKey, TValue}"/> would keep those as they were when they were first read.
/// </summary>
internal sealed class LiveDictionary<TKey, TValue>(ConcurrentDictionary<TKey, TValue> dictionary) : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    public int Count => dictionary.Count;

    public IEnumerable<TKey> Keys { get; } = dictionary.Select(pair => pair.Key);

    public IEnumerable<TValue> Values { get; } = dictionary.Select(pair => pair.Value);

    public TValue this[TKey key] => dictionary[key];

    public bool ContainsKey(TKey key) => dictionary.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => dictionary.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => dictionary.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
