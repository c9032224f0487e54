using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Emitter.Broadcasting;

namespace OrleansRooms.Emitter.Sockets;

/// <summary>
/// What a server says of its sockets: a JSON array of <c>{"id","handshake","rooms","data"}</c>; other members are ignored. See
/// docs/protocol/adapter-envelope.md.
/// </summary>
internal static class SocketAnswers
{
    // As deep as servers write; what is nested deeper cannot have been written.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 1000 };

    /// <exception cref="JsonException">It is no such array.</exception>
    public static void Read(
        byte[] part, string node, EmitterNamespace emitter, JsonSerializerOptions json, ImmutableArray<EmitterSocket>.Builder sockets)
    {
        try
        {
            using var document = JsonDocument.Parse(part, ReadOptions);
            foreach (var socket in document.RootElement.EnumerateArray())
            {
                var id = socket.GetProperty("id").GetString() ?? throw new JsonException("A socket has no id.");
                sockets.Add(new EmitterSocket(emitter, id, json)
                {
                    Node = node,
                    Rooms = [.. socket.GetProperty("rooms").EnumerateArray().Select(room => room.GetString() ?? "")],
                    Handshake = socket.GetProperty("handshake").Clone(),
                    Data = socket.GetProperty("data").Clone(),
                });
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException)
        {
            throw new JsonException("The description of a socket is not as agreed.", exception);
        }
    }
}
