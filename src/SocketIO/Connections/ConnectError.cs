using System.Text.Json.Serialization;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>The payload of CONNECT_ERROR (Socket.IO protocol 5, "CONNECT_ERROR").</summary>
/// <param name="Message">What became of the attempt.</param>
/// <param name="Data">What the application adds; left out when there is nothing.</param>
internal sealed record ConnectError(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("data"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Data = null);
