using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>A socket's data as other servers are told it: one object, its bytes beside it.</summary>
internal static class SocketDataJson
{
    public static readonly JsonElement Empty = JsonElement.Parse("{}");

    // What was written is read whatever its depth; reading it as a type of the application has the serializer's limit.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Writes the values. One that cannot be written is left out and reported to the socket.</summary>
    public static JsonElement Write(
        SocketData data, PacketSerializer serializer, Socket socket, out IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var written = new List<KeyValuePair<string, RawArgument>>();
        foreach (var (name, value) in data)
        {
            try
            {
                var json = serializer.Write(value);
                JsonPayload.ValidateValue(json.Json.Span);
                AttachmentPlaceholders.Validate(json.Json.Span, json.Attachments);
                written.Add(new(name, json));
            }
#pragma warning disable CA1031 // A property's getter may throw anything, and one value must not hide the socket.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                socket.ReportUnserializable(name, exception);
            }
        }

        if (written.Exists(value => value.Value.Attachments.Count > 0))
        {
            written.RemoveAll(value => LooksLikeBytes(value, socket));
        }

        var whole = serializer.Write(written);
        attachments = whole.Attachments;
        return JsonElement.Parse(whole.Json.Span, AnyDepth);
    }

    /// <summary>Reads what another server told. Bytes are bytes again, and what holds some deeper within keeps them.</summary>
    public static SocketData Read(SocketDescription description, PacketSerializer serializer)
    {
        var values = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (description.Data.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in description.Data.EnumerateObject())
            {
                values[JsonText.GetName(property)] = Read(property.Value, description.Attachments);
            }
        }

        return new SocketData(values, serializer);
    }

    private static object? Read(JsonElement json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (attachments.Count == 0)
        {
            return json;
        }

        var text = JsonMarshal.GetRawUtf8Value(json);
        var scanner = new PlaceholderScanner(text, int.MaxValue);
        if (!scanner.Read())
        {
            return json;
        }

        return scanner.Start == 0 && scanner.End == text.Length
            ? attachments[scanner.Number].ToArray()
            : new RawArgument(text.ToArray(), attachments);
    }

    // Beside a value with bytes, a receiver would take it for one. Without any, nothing is a placeholder.
    private static bool LooksLikeBytes(KeyValuePair<string, RawArgument> value, Socket socket)
    {
        if (value.Value.Attachments.Count > 0 || !new PlaceholderScanner(value.Value.Json.Span, int.MaxValue).Read())
        {
            return false;
        }

        socket.ReportUnserializable(value.Key, new JsonException("It holds an object that looks like the placeholder of bytes."));
        return true;
    }
}

/// <summary>Writes a socket's data as the object that it is in JavaScript.</summary>
internal sealed class SocketDataConverter : JsonConverter<SocketData>
{
    public override SocketData Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A socket's data can be written and not read.");

    public override void Write(Utf8JsonWriter writer, SocketData value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, item) in value)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, item, options);
        }

        writer.WriteEndObject();
    }
}
