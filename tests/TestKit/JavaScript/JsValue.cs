using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.TestKit.JavaScript;

/// <summary>
/// How values travel to and from the JavaScript processes: as JSON in which bytes are <c>{"$binary": base64}</c> (values.mjs).
/// </summary>
public static class JsValue
{
    /// <summary>JavaScript's <c>undefined</c>, which JSON does not know.</summary>
    public static readonly object Undefined = new Dictionary<string, bool> { ["$undefined"] = true };

    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 512,
        Converters = { new BytesConverter() },
    };

    /// <summary>A JavaScript <c>Date</c>.</summary>
    public static object Date(DateTimeOffset value) =>
        new Dictionary<string, string> { ["$date"] = value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'") };

    /// <summary>Reads a value that came from JavaScript; a <see cref="byte"/> array anywhere in it reads binary.</summary>
    public static T? As<T>(this JsonElement element) => element.Deserialize<T>(Options);

    private sealed class BytesConverter : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("$binary", out var base64)
                ? base64.GetBytesFromBase64()
                : throw new JsonException($"Binary was expected, not {document.RootElement}.");
        }

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("$binary", value);
            writer.WriteEndObject();
        }
    }
}
