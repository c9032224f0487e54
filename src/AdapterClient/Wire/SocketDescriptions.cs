using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO.Json;
using OrleansRooms.Publishing.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Wire;

/// <summary>
/// Descriptions of sockets as the payload of a response: a JSON array of <c>{"id","handshake","rooms","data"}</c>, with <c>"attachments"</c>, as base64, where
/// there are bytes in the data; readers ignore other members.
/// A response too large for one envelope comes in parts.
/// </summary>
internal static class SocketDescriptions
{
    // Keeps one answer about many sockets from holding up the packets behind it for long.
    internal const int PartSize = 512 * 1024;

    // What the parser of some node let through goes through here.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = int.MaxValue };

    private static readonly JsonWriterOptions WriteOptions =
        new() { Encoder = JavaScriptStringEncoder.Instance, MaxDepth = int.MaxValue, SkipValidation = true };

    /// <summary>Writes descriptions in parts, each a whole array; at least one.</summary>
    public static List<byte[]> Write(ImmutableArray<SocketDescription> sockets)
    {
        var parts = new List<byte[]>();
        var buffer = new ArrayBufferWriter<byte>();
        var next = 0;
        do
        {
            buffer.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(buffer, WriteOptions);
            writer.WriteStartArray();
            while (next < sockets.Length && writer.BytesCommitted + writer.BytesPending < PartSize)
            {
                Write(writer, sockets[next++]);
            }

            writer.WriteEndArray();
            writer.Flush();
            parts.Add(buffer.WrittenSpan.ToArray());
        }
        while (next < sockets.Length);

        return parts;
    }

    /// <summary>Reads one part.</summary>
    /// <exception cref="JsonException">It is no such array.</exception>
    public static void Read(byte[] part, string node, ImmutableArray<SocketDescription>.Builder sockets)
    {
        try
        {
            using var document = JsonDocument.Parse(part, ReadOptions);
            foreach (var socket in document.RootElement.EnumerateArray())
            {
                sockets.Add(new SocketDescription
                {
                    Id = socket.GetProperty("id").GetString() ?? throw new JsonException("A socket has no id."),
                    Handshake = socket.GetProperty("handshake").Clone(),
                    Rooms = [.. socket.GetProperty("rooms").EnumerateArray().Select(JsonText.GetString)],
                    Data = DescribedData.Read(socket, out var attachments),
                    Attachments = attachments,
                    Node = node,
                });
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("The description of a socket is not as agreed.", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, SocketDescription socket)
    {
        writer.WriteStartObject();
        writer.WriteString("id", socket.Id);
        writer.WritePropertyName("handshake");
        JsonElementConverter.Write(writer, socket.Handshake);
        writer.WriteStartArray("rooms");
        foreach (var room in socket.Rooms)
        {
            writer.WriteStringValue(room);
        }

        writer.WriteEndArray();
        DescribedData.Write(writer, socket.Data, socket.Attachments);
        writer.WriteEndObject();
    }
}
