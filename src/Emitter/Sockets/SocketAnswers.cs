using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Emitter.Broadcasting;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;
using OrleansRooms.Messaging.Wire;

namespace OrleansRooms.Emitter.Sockets;

/// <summary>
/// What a server says of its sockets: a JSON array of <c>{"id","handshake","rooms","data"}</c>, with <c>"attachments"</c> where there are
/// bytes in the data; other members are ignored. See docs/protocol/adapter-envelope.md.
/// </summary>
internal static class SocketAnswers
{
    // What the parser of some server let through comes here.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = int.MaxValue };

    /// <exception cref="JsonException">It is no such array.</exception>
    public static void Read(
        byte[] part, string node, EmitterNamespace emitter, PacketSerializer serializer, ImmutableArray<EmitterSocket>.Builder sockets)
    {
        try
        {
            using var document = JsonDocument.Parse(part, ReadOptions);
            foreach (var socket in document.RootElement.EnumerateArray())
            {
                var id = socket.GetProperty("id").GetString() ?? throw new JsonException("A socket has no id.");
                var data = DescribedData.Read(socket, out var attachments);
                sockets.Add(new EmitterSocket(emitter, id, serializer, attachments)
                {
                    Node = node,
                    Rooms = [.. socket.GetProperty("rooms").EnumerateArray().Select(JsonText.GetString)],
                    Handshake = socket.GetProperty("handshake").Clone(),
                    Data = data,
                });
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("The description of a socket is not as agreed.", exception);
        }
    }
}
