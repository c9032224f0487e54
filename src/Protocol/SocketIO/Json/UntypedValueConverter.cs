using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Reads a value whose target is <see cref="object"/>: a placeholder becomes <c>byte[]</c>, anything else what
/// System.Text.Json makes of it.
/// </summary>
internal sealed class UntypedValueConverter : JsonConverter<object>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.StartObject && AttachmentContext.CanRead)
        {
            var ahead = reader;
            if (AttachmentPlaceholders.TryRead(ref ahead, out var number) && AttachmentContext.TryGet(number, out var bytes))
            {
                reader = ahead;
                return bytes.ToArray();
            }
        }

        return options.UnknownTypeHandling is JsonUnknownTypeHandling.JsonNode
            ? JsonNodeConverter.Parse(ref reader, options)
            : JsonElement.ParseValue(ref reader);
    }

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
        throw new NotSupportedException("These options are only for reading.");
}
