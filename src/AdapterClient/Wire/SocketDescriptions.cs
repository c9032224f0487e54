using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO.Json;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Wire;

/// <summary>
/// Descriptions of sockets as the payload of a response: a JSON array of <c>{"id","handshake","rooms","data"}</c>, with
/// <c>"attachments"</c>, as base64, where there are bytes in the data; readers ignore other members. A response too large for one envelope
/// comes in several arrays, and an array that is too large, since a single socket may be, is cut into pieces.
/// </summary>
internal static class SocketDescriptions
{
    // Keeps one answer about many sockets from holding up the packets behind it for long.
    internal const int PartSize = 256 * 1024;

    // What the parser of some node let through goes through here.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = int.MaxValue };

    private static readonly JsonWriterOptions WriteOptions =
        new() { Encoder = JavaScriptStringEncoder.Instance, MaxDepth = int.MaxValue, SkipValidation = true };

    /// <summary>Writes the next array: descriptions until they fill a part, which is none only if there are no more.</summary>
    /// <param name="sockets">The descriptions, of which the current one is to be written.</param>
    /// <param name="hasCurrent">Whether there is a current one.</param>
    public static ReadOnlyMemory<byte> WriteNext(IEnumerator<SocketDescription> sockets, ref bool hasCurrent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, WriteOptions);
        writer.WriteStartArray();
        while (hasCurrent && writer.BytesCommitted + writer.BytesPending < PartSize)
        {
            Write(writer, sockets.Current);
            hasCurrent = sockets.MoveNext();
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads one array.</summary>
    /// <exception cref="JsonException">It is no such array.</exception>
    public static void Read(byte[] array, string node, ImmutableArray<SocketDescription>.Builder sockets)
    {
        try
        {
            using var document = JsonDocument.Parse(array, ReadOptions);
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
