using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

// Each of these writes a value as JSON.stringify does. Their Read methods exist for completeness: reading uses them only for
// strings, since System.Text.Json already reads the rest.

/// <summary>Strings with lone surrogates can be read; that they are written is the encoder's work.</summary>
internal sealed class StringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String
            ? JsonText.GetString(ref reader)
            : throw new JsonException($"A string was expected, not {reader.TokenType}.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>An instant in UTC with milliseconds; a time of unknown kind is taken as UTC.</summary>
internal sealed class DateTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        JavaScriptDate.Write(writer, value.Kind is DateTimeKind.Local ? value.ToUniversalTime() : value);
}

/// <summary>An instant in UTC with milliseconds; the offset is lost, as it is in JavaScript.</summary>
internal sealed class DateTimeOffsetConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        JavaScriptDate.Write(writer, value.UtcDateTime);
}

/// <summary>NaN and the infinities are <c>null</c>.</summary>
internal sealed class DoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>NaN and the infinities are <c>null</c>.</summary>
internal sealed class SingleConverter : JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
