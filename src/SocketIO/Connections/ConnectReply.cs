using System.Text.Json.Serialization;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>The payload of the server's CONNECT (Socket.IO protocol 5, "CONNECT").</summary>
/// <param name="SocketId">The id of the new socket.</param>
internal sealed record ConnectReply([property: JsonPropertyName("sid")] string SocketId);
