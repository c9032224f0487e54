using System.Text.Json.Serialization;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>The payload of the server's CONNECT (Socket.IO protocol 5, "CONNECT").</summary>
/// <param name="SocketId">The id of the socket.</param>
/// <param name="PrivateId">The secret by which the client gets the socket back; only with connection state recovery.</param>
internal sealed record ConnectReply(
    [property: JsonPropertyName("sid")] string SocketId,
    [property: JsonPropertyName("pid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PrivateId);
