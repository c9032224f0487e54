using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Wire;

/// <summary>
/// Descriptions of sockets as the payload of a response: a JSON array of <c>{"id","handshake","rooms","data"}</c>; readers ignore other members.
/// A response too large for one envelope comes in parts.
/// </summary>
internal static class SocketDescriptions
{
    // Keeps one answer about many sockets from holding up the packets behind it for long.
    internal const int PartSize = 512 * 1024;

    // As deep as the writer goes; what is nested deeper cannot have been written.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 1000 };

    /// <summary>Writes descriptions in parts, each a whole array; at least one.</summary>
    public static List<byte[]> Write(ImmutableArray<SocketDescription> sockets)
    {
        var parts = new List<byte[]>();
        var buffer = new ArrayBufferWriter<byte>();
        var next = 0;
        do
        {
            buffer.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(buffer);
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
                    Rooms = [.. socket.GetProperty("rooms").EnumerateArray().Select(room => room.GetString() ?? "")],
                    Data = socket.GetProperty("data").Clone(),
                    Node = node,
                });
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException)
        {
            throw new JsonException("The description of a socket is not as agreed.", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, SocketDescription socket)
    {
        writer.WriteStartObject();
        writer.WriteString("id", socket.Id);
        writer.WritePropertyName("handshake");
        socket.Handshake.WriteTo(writer);
        writer.WriteStartArray("rooms");
        foreach (var room in socket.Rooms)
        {
            writer.WriteStringValue(room);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("data");
        socket.Data.WriteTo(writer);
        writer.WriteEndObject();
    }
}
