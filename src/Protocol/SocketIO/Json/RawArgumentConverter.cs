using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>Takes a part of a packet over as it is, and writes it into another one with its attachments renumbered.</summary>
internal sealed class RawArgumentConverter : JsonConverter<RawArgument>
{
    public override bool HandleNull => true;

    public override RawArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        return new RawArgument(JsonMarshal.GetRawUtf8Value(element).ToArray(), AttachmentContext.Readable);
    }

    public override void Write(Utf8JsonWriter writer, RawArgument value, JsonSerializerOptions options)
    {
        if (value.Json.IsEmpty)
        {
            writer.WriteNullValue();
        }
        else if (value.Attachments.Count == 0)
        {
            writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
        }
        else
        {
            WriteRenumbered(writer, value);
        }
    }

    private static void WriteRenumbered(Utf8JsonWriter writer, RawArgument value)
    {
        var json = value.Json.Span;
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        using var placeholder = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        var copied = 0;
        var scanner = new PlaceholderScanner(json, int.MaxValue);
        while (scanner.Read())
        {
            if ((uint)scanner.Number >= (uint)value.Attachments.Count)
            {
                throw new JsonException("A placeholder of the argument names no attachment.");
            }

            output.Write(json[copied..scanner.Start]);
            copied = scanner.End;
            placeholder.Reset(output);
            var bytes = value.Attachments[scanner.Number];
            if (AttachmentContext.CanWrite)
            {
                AttachmentPlaceholders.Write(placeholder, AttachmentContext.Add(bytes));
            }
            else
            {
                placeholder.WriteBase64StringValue(bytes.Span);
            }

            placeholder.Flush();
        }

        output.Write(json[copied..]);
        writer.WriteRawValue(output.WrittenSpan, skipInputValidation: true);
    }
}
