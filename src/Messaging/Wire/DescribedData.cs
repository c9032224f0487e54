using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Messaging.Wire;

/// <summary>
/// The data of a socket within its description: <c>"data"</c>, and <c>"attachments"</c> as base64 where it has placeholders
/// (docs/protocol/adapter-envelope.md).
/// </summary>
internal static class DescribedData
{
    public static void Write(Utf8JsonWriter writer, JsonElement data, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        writer.WritePropertyName("data"u8);
        JsonElementConverter.Write(writer, data);
        if (attachments.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("attachments"u8);
        foreach (var bytes in attachments)
        {
            writer.WriteBase64StringValue(bytes.Span);
        }

        writer.WriteEndArray();
    }

    /// <summary>Takes them out of a description.</summary>
    /// <exception cref="KeyNotFoundException">There is no data.</exception>
    /// <exception cref="FormatException">The attachments are no base64.</exception>
    /// <exception cref="InvalidOperationException">They are something else.</exception>
    /// <exception cref="JsonException">A placeholder names none of them.</exception>
    public static JsonElement Read(JsonElement socket, out IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var data = socket.GetProperty("data").Clone();
        attachments = socket.TryGetProperty("attachments", out var listed)
            ? [.. listed.EnumerateArray().Select(bytes => (ReadOnlyMemory<byte>)bytes.GetBytesFromBase64())]
            : [];
        try
        {
            AttachmentPlaceholders.Validate(JsonMarshal.GetRawUtf8Value(data), attachments);
        }
        catch (PacketFormatException exception)
        {
            throw new JsonException("The data of a socket names bytes that are not there.", exception);
        }

        return data;
    }
}
