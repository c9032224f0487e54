using System.Text.Json;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>Writes a socket's data for other servers.</summary>
internal static class SocketDataJson
{
    public static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>The values as one object. A value that cannot be written is left out and reported to the socket.</summary>
    public static JsonElement Write(SocketData data, JsonSerializerOptions json, Socket socket)
    {
        var written = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in data)
        {
            try
            {
                written[name] = JsonSerializer.SerializeToElement(value, json);
            }
            catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
            {
                socket.ReportUnserializable(name, exception);
            }
        }

        return JsonSerializer.SerializeToElement(written);
    }
}
