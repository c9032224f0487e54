using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Reads whole numbers however they are written: <c>1.0</c>, as Python writes one that was computed, and <c>1e3</c> are the integers that
/// they are in JavaScript. A number with a fraction, or too large, is none.
/// </summary>
internal sealed class IntegerConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        var isNumber = reader.TokenType is JsonTokenType.Number;
        var mayBeText = (options.NumberHandling & JsonNumberHandling.AllowReadingFromString) != 0;
        if (isNumber || (mayBeText && reader.TokenType is JsonTokenType.String))
        {
            if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
            if (isNumber && TryReadWhole(text, out value)) return value;
        }

        throw new JsonException($"An integer was expected, not {reader.TokenType}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException("These options are only for reading.");

    private static bool TryReadWhole(ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        if (!Utf8Parser.TryParse(text, out decimal number, out var length) || length != text.Length) return false;
        if (!decimal.IsInteger(number)) return false;

        value = T.CreateSaturating(number);
        return decimal.CreateSaturating(value) == number;
    }
}

/// <summary>Numbers that only <see cref="IntegerConverter{T}"/> reads as integers.</summary>
internal static class IntegerText
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create(".eE"u8);

    /// <summary>Whether a number in some JSON may be written with a fraction or an exponent.</summary>
    public static bool MayHaveFraction(ReadOnlySpan<byte> json) => json.ContainsAny(Marks);
}
