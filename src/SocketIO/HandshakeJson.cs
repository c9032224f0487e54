using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>The handshake as servers of a cluster tell it to each other, in the shape of Socket.IO's <c>socket.handshake</c>.</summary>
internal static class HandshakeJson
{
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Writes a handshake.</summary>
    public static JsonElement Write(Handshake handshake)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            WriteValues(writer, "headers", handshake.Headers, toLower: true);
            writer.WriteString("time", handshake.Time);
            writer.WriteString("address", handshake.Address);
            writer.WriteBoolean("xdomain", handshake.CrossDomain);
            writer.WriteBoolean("secure", handshake.Secure);
            writer.WriteNumber("issued", handshake.IssuedAt.ToUnixTimeMilliseconds());
            writer.WriteString("url", handshake.Url);
            WriteValues(writer, "query", handshake.Query, toLower: false);
            writer.WritePropertyName("auth");
            handshake.Auth.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads a handshake that another server wrote, also one that runs on Node.js. What is missing is empty.</summary>
    public static Handshake Read(JsonElement json, JsonSerializerOptions options) => new(
        new SessionRequest
        {
            Headers = new HeaderDictionary(ReadValues(json, "headers")),
            Query = new QueryCollection(ReadValues(json, "query")),
            RemoteAddress = IPAddress.TryParse(Text(json, "address"), out var address) ? address : null,
            IsSecure = Property(json, "secure").ValueKind == JsonValueKind.True,
            IssuedAt = Property(json, "issued") is { ValueKind: JsonValueKind.Number } issued && issued.TryGetInt64(out var milliseconds)
                ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, LastMillisecond))
                : default,
            Url = Text(json, "url") ?? "",
        },
        Property(json, "auth") is { ValueKind: JsonValueKind.Object } auth
            ? JsonMarshal.GetRawUtf8Value(auth).ToArray()
            : default(ReadOnlyMemory<byte>),
        options);

    private static void WriteValues(
        Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, StringValues>> values, bool toLower)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WritePropertyName(toLower ? key.ToLowerInvariant() : key);
            if (value.Count == 1)
            {
                writer.WriteStringValue(value[0]);
            }
            else
            {
                writer.WriteStartArray();
                foreach (var item in value)
                {
                    writer.WriteStringValue(item);
                }

                writer.WriteEndArray();
            }
        }

        writer.WriteEndObject();
    }

    private static Dictionary<string, StringValues> ReadValues(JsonElement json, string name)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        if (Property(json, name) is { ValueKind: JsonValueKind.Object } found)
        {
            foreach (var value in found.EnumerateObject())
            {
                values[value.Name] = value.Value.ValueKind switch
                {
                    JsonValueKind.String => value.Value.GetString(),
                    JsonValueKind.Array => value.Value.EnumerateArray().Select(item => item.ToString()).ToArray(),
                    _ => value.Value.GetRawText(),
                };
            }
        }

        return values;
    }

    private static string? Text(JsonElement json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
}
