using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// JSON strings as JavaScript knows them. A JavaScript string may hold half of a surrogate pair, and <c>JSON.stringify</c>
/// writes it as <c>\ud83d</c>; System.Text.Json refuses to read such a string. <see cref="LoneSurrogates"/> sees to it that one is written.
/// </summary>
internal static class JsonText
{
    /// <summary>The string or property name a reader stands on, lone surrogates kept.</summary>
    public static string GetString(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.GetString()!;

        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return MayHoldSurrogateEscape(text) ? Unescape(text) : reader.GetString()!;
    }

    /// <summary>A string that was parsed, lone surrogates kept.</summary>
    public static string GetString(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return MayHoldSurrogateEscape(raw) ? Unescape(raw[1..^1]) : text.GetString()!;
    }

    /// <summary>The name of a property that was parsed, lone surrogates kept.</summary>
    public static string GetName(JsonProperty property)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return MayHoldSurrogateEscape(raw) ? Unescape(raw) : property.Name;
    }

    /// <summary>Finds a property whatever text names the others; the last one of that name, as in JavaScript.</summary>
    public static bool TryGetProperty(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        if (json.ValueKind is not JsonValueKind.Object) return false;
        if (!MayHoldSurrogateEscape(JsonMarshal.GetRawUtf8Value(json)) && LoneSurrogates.IndexIn(name) < 0)
        {
            return json.TryGetProperty(name, out value);
        }

        var isFound = false;
        foreach (var property in json.EnumerateObject())
        {
            if (GetName(property) != name) continue;
            value = property.Value;
            isFound = true;
        }

        return isFound;
    }

    /// <summary>Whether JSON text has an escape that could be half of a surrogate pair.</summary>
    public static bool MayHoldSurrogateEscape(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    /// <summary>Whether the property name a reader stands on is the given one, which needs no escapes.</summary>
    public static bool NameEquals(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped
            ? Encoding.UTF8.GetBytes(GetString(ref reader)).AsSpan().SequenceEqual(name)
            : reader.ValueSpan.SequenceEqual(name);

    private static string Unescape(ReadOnlySpan<byte> json)
    {
        var chars = ArrayPool<char>.Shared.Rent(json.Length);
        var count = 0;
        while (!json.IsEmpty)
        {
            var plain = json.IndexOf((byte)'\\');
            if (plain < 0) plain = json.Length;
            count += Encoding.UTF8.GetChars(json[..plain], chars.AsSpan(count));
            json = json[plain..];
            if (json.IsEmpty) break;

            chars[count++] = (char)json[1] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var self => self,
            };
            json = json[(json[1] == (byte)'u' ? 6 : 2)..];
        }

        var text = new string(chars, 0, count);
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }
}
