using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Parsed JSON that is sent on. Half a surrogate pair in it, which System.Text.Json refuses to write, is a client's doing and must not
/// make the emit of a handler fail.
/// </summary>
internal sealed class JsonElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
            return;
        }

        var text = JsonMarshal.GetRawUtf8Value(value);
        if (JsonText.MayHoldSurrogateEscape(text))
        {
            Copy(writer, text);
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    // A document may have been parsed with comments and commas in it that JSON has not.
    private static void Copy(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json, new JsonReaderOptions
            {
                MaxDepth = int.MaxValue,
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(JsonText.GetString(ref reader));
                    break;
                case JsonTokenType.String:
                    writer.WriteStringValue(JsonText.GetString(ref reader));
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }
    }
}

/// <summary>The same for a whole document.</summary>
internal sealed class JsonDocumentConverter : JsonConverter<JsonDocument>
{
    public override JsonDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonDocument.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonDocument value, JsonSerializerOptions options) =>
        JsonElementConverter.Write(writer, value.RootElement);
}

/// <summary>
/// Nodes, whatever text is in them. What a node holds beside text, numbers and the like is written as the same value is elsewhere: bytes
/// as an attachment, NaN as <c>null</c>.
/// </summary>
internal sealed class JsonNodeConverter : JsonConverter<JsonNode>
{
    public override bool CanConvert(Type typeToConvert) => typeof(JsonNode).IsAssignableFrom(typeToConvert);

    public override JsonNode? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var node = Parse(ref reader, options);
        return typeToConvert.IsInstanceOfType(node) ? node : throw new JsonException($"A {typeToConvert.Name} was expected.");
    }

    /// <summary>Reads the value that a reader stands on.</summary>
    public static JsonNode? Parse(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var properties = new JsonNodeOptions { PropertyNameCaseInsensitive = options.PropertyNameCaseInsensitive };

        // A node looks into its text only when it is asked, and then fails over half a surrogate pair.
        return ToNode(element, properties, isWhole: JsonText.MayHoldSurrogateEscape(JsonMarshal.GetRawUtf8Value(element)));
    }

    public override void Write(Utf8JsonWriter writer, JsonNode value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case JsonObject properties:
                writer.WriteStartObject();
                foreach (var (name, child) in properties)
                {
                    writer.WritePropertyName(name);
                    WriteItem(writer, child, options);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items) WriteItem(writer, item, options);
                writer.WriteEndArray();
                break;
            default:
                WriteValue(writer, value.AsValue(), options);
                break;
        }
    }

    private void WriteItem(Utf8JsonWriter writer, JsonNode? item, JsonSerializerOptions options)
    {
        if (item is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            Write(writer, item, options);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonValue value, JsonSerializerOptions options)
    {
        if (value.TryGetValue(out JsonElement element))
        {
            JsonElementConverter.Write(writer, element);
        }
        else if (value.TryGetValue(out object? inner) && inner is not (null or JsonNode))
        {
            JsonSerializer.Serialize(writer, inner, inner.GetType(), options);
        }
        else
        {
            value.WriteTo(writer, options);
        }
    }

    private static JsonNode? ToNode(JsonElement element, JsonNodeOptions properties, bool isWhole)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when isWhole:
                var found = new JsonObject(properties);
                foreach (var property in element.EnumerateObject())
                {
                    found[JsonText.GetName(property)] = ToNode(property.Value, properties, isWhole);
                }

                return found;
            case JsonValueKind.Array when isWhole:
                var items = new JsonArray(properties);
                foreach (var item in element.EnumerateArray()) items.Add(ToNode(item, properties, isWhole));
                return items;
            case JsonValueKind.String when isWhole:
                return JsonValue.Create(JsonText.GetString(element), properties);
            case JsonValueKind.Object:
                return JsonObject.Create(element, properties);
            case JsonValueKind.Array:
                return JsonArray.Create(element, properties);
            default:
                return JsonValue.Create(element, properties);
        }
    }
}
