using System.Runtime.InteropServices;
using System.Text.Json;
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

        // The text is validated again, because a document may have been parsed with comments in it.
        var text = JsonMarshal.GetRawUtf8Value(value);
        if (JsonText.MayHoldSurrogateEscape(text))
            writer.WriteRawValue(text);
        else
            value.WriteTo(writer);
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
