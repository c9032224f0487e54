using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO;

/// <summary>
/// Named values that the application keeps with a socket (<c>socket.data</c>). May be used from any thread; every single operation is
/// atomic. As an argument of an event it is an object of its values, as in JavaScript.
/// </summary>
/// <example>
/// <code>
/// socket.Data.Set("username", "alice");
/// string? name = socket.Data.Get&lt;string&gt;("username");
/// </code>
/// </example>
[JsonConverter(typeof(SocketDataConverter))]
public sealed class SocketData : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly PacketSerializer _serializer;

    // Replaced by each change: a socket has few values, which are read more often than written, and this is the least memory for them.
    private ImmutableArray<KeyValuePair<string, object?>> _values = [];

    internal SocketData(PacketSerializer serializer) => _serializer = serializer;

    internal SocketData(IEnumerable<KeyValuePair<string, object?>> values, PacketSerializer serializer)
        : this(serializer) => _values = [.. values];

    /// <summary>The number of values.</summary>
    public int Count => _values.Length;

    /// <summary>One value; <see langword="null"/> when there is none of that name.</summary>
    public object? this[string name]
    {
        get
        {
            var values = _values;
            return Find(values, name) is >= 0 and var index ? values[index].Value : null;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(name);
            ImmutableInterlocked.Update(
                ref _values,
                static (values, added) => Find(values, added.Key) is >= 0 and var index ? values.SetItem(index, added) : values.Add(added),
                KeyValuePair.Create(name, value));
        }
    }

    /// <summary>
    /// Sets a value. To be seen by other servers of the cluster it must be something that an event could carry: it arrives as an argument
    /// would, NaN as <c>null</c>, bytes as bytes. What cannot be written is left out there, and logged here.
    /// </summary>
    public void Set<T>(string name, T value) => this[name] = value;

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
        if (this[name] is not { } found)
        {
            value = default;
            return false;
        }

        value = typeof(T) == typeof(object) ? (T)found : found switch
        {
            RawArgument raw => _serializer.Deserialize<T>(raw),
            JsonElement json when typeof(T) != typeof(JsonElement) =>
                _serializer.Deserialize<T>(new RawArgument(JsonMarshal.GetRawUtf8Value(json).ToArray(), [])),
            _ => (T)found,
        };
        return value is not null;
    }

    /// <summary>Removes a value.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => ImmutableInterlocked.Update(
        ref _values,
        static (values, removed) => Find(values, removed) is >= 0 and var index ? values.RemoveAt(index) : values,
        name);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Find(ImmutableArray<KeyValuePair<string, object?>> values, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Key == name)
            {
                return i;
            }
        }

        return -1;
    }
}
