using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// JSON strings as JavaScript knows them. A JavaScript string may hold half of a surrogate pair, and <c>JSON.stringify</c>
/// writes it as <c>\ud83d</c>; System.Text.Json refuses to read such a string and replaces the half when it writes one.
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

    /// <summary>Whether JSON text has an escape that could be half of a surrogate pair.</summary>
    public static bool MayHoldSurrogateEscape(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    /// <summary>Whether the property name a reader stands on is the given one, which needs no escapes.</summary>
    public static bool NameEquals(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped
            ? Encoding.UTF8.GetBytes(GetString(ref reader)).AsSpan().SequenceEqual(name)
            : reader.ValueSpan.SequenceEqual(name);

    /// <summary>Writes a string value, lone surrogates as escapes.</summary>
    public static void Write(Utf8JsonWriter writer, string value, JavaScriptEncoder encoder)
    {
        if (IndexOfLoneSurrogate(value) < 0)
            writer.WriteStringValue(value);
        else
            writer.WriteRawValue(Escape(value, encoder), skipInputValidation: true);
    }

    /// <summary>Where half a surrogate pair stands, or -1.</summary>
    public static int IndexOfLoneSurrogate(ReadOnlySpan<char> text)
    {
        var position = 0;
        while (true)
        {
            var found = text[position..].IndexOfAnyInRange('\ud800', '\udfff');
            if (found < 0) return -1;

            position += found;
            var isPair = char.IsHighSurrogate(text[position])
                && position + 1 < text.Length
                && char.IsLowSurrogate(text[position + 1]);
            if (!isPair) return position;
            position += 2;
        }
    }

    private static string Escape(string value, JavaScriptEncoder encoder)
    {
        var json = new StringBuilder(value.Length + 16).Append('"');
        var rest = value.AsSpan();
        while (IndexOfLoneSurrogate(rest) is >= 0 and var lone)
        {
            json.Append(encoder.Encode(rest[..lone].ToString()))
                .Append(CultureInfo.InvariantCulture, $"\\u{(int)rest[lone]:x4}");
            rest = rest[(lone + 1)..];
        }

        return json.Append(encoder.Encode(rest.ToString())).Append('"').ToString();
    }

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
