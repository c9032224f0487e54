using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OrleansRooms.SocketIO;

/// <summary>
/// Named values that the application keeps with a socket (<c>socket.data</c>). May be used from any thread; every single operation is
/// atomic.
/// </summary>
/// <example>
/// <code>
/// socket.Data.Set("username", "alice");
/// string? name = socket.Data.Get&lt;string&gt;("username");
/// </code>
/// </example>
public sealed class SocketData : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly JsonSerializerOptions _json;
    private readonly ConcurrentDictionary<string, object?> _values = new(concurrencyLevel: 1, capacity: 4);

    internal SocketData(JsonSerializerOptions json) => _json = json;

    internal SocketData(JsonElement values, JsonSerializerOptions json)
        : this(json)
    {
        if (values.ValueKind == JsonValueKind.Object)
        {
            foreach (var value in values.EnumerateObject())
            {
                _values[value.Name] = value.Value;
            }
        }
    }

    /// <summary>The number of values.</summary>
    public int Count => _values.Count;

    /// <summary>One value; <see langword="null"/> when there is none of that name.</summary>
    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set => _values[name] = value;
    }

    /// <summary>Sets a value. To be seen by other servers of the cluster it must be something that System.Text.Json can write.</summary>
    public void Set<T>(string name, T value) => _values[name] = value;

    /// <summary>
    /// One value, or the default of <typeparamref name="T"/> when there is none of that name. What came from another server is converted
    /// from JSON.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    /// <exception cref="JsonException">The value came from another server and does not convert.</exception>
    public T? Get<T>(string name) => TryGet<T>(name, out var value) ? value : default;

    /// <summary>Looks a value up; see <see cref="Get{T}"/>.</summary>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
    {
        if (!_values.TryGetValue(name, out var found) || found is null)
        {
            value = default;
            return false;
        }

        value = found is JsonElement json && typeof(T) != typeof(JsonElement) && typeof(T) != typeof(object)
            ? json.Deserialize<T>(_json)
            : (T)found;
        return value is not null;
    }

    /// <summary>Removes a value.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => _values.TryRemove(name, out _);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
