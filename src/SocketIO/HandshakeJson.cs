using System.Buffers;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.SocketIO;

/// <summary>The handshake as servers of a cluster tell it to each other, in the shape of Socket.IO's <c>socket.handshake</c>.</summary>
internal static class HandshakeJson
{
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Writes a handshake by itself.</summary>
    public static JsonElement Write(Handshake handshake)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptStringEncoder.Instance, MaxDepth = int.MaxValue, SkipValidation = true });
        Write(writer, handshake);
        writer.Flush();
        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = int.MaxValue });
    }

    /// <summary>Writes a handshake into something.</summary>
    public static void Write(Utf8JsonWriter writer, Handshake handshake)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("headers");
        foreach (var (name, value) in handshake.Headers)
        {
            // Node.js joins the lines of one header, and so does Kestrel those of a cookie over HTTP/2.
            var separator = name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) ? "; " : ", ";
            writer.WriteString(name.ToLowerInvariant(), string.Join(separator, (IEnumerable<string?>)value));
        }

        writer.WriteEndObject();
        writer.WriteString("time", handshake.Time);
        writer.WriteString("address", handshake.Address);
        writer.WriteBoolean("xdomain", handshake.CrossDomain);
        writer.WriteBoolean("secure", handshake.Secure);
        writer.WriteNumber("issued", handshake.IssuedAt.ToUnixTimeMilliseconds());
        writer.WriteString("url", handshake.Url);
        WriteQuery(writer, handshake.Query);
        writer.WritePropertyName("auth");
        JsonElementConverter.Write(writer, handshake.Auth);
        writer.WriteEndObject();
    }

    /// <summary>Reads a handshake that another server wrote, also one that runs on Node.js. What is missing is empty.</summary>
    public static Handshake Read(JsonElement json, PacketSerializer serializer) => new(
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
        serializer);

    private static void WriteQuery(Utf8JsonWriter writer, IQueryCollection query)
    {
        writer.WriteStartObject("query");
        foreach (var (name, values) in query)
        {
            writer.WritePropertyName(name);
            if (values.Count == 1)
            {
                writer.WriteStringValue(values[0]);
                continue;
            }

            writer.WriteStartArray();
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
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
                values[JsonText.GetName(value)] = value.Value.ValueKind switch
                {
                    JsonValueKind.String => JsonText.GetString(value.Value),
                    JsonValueKind.Array => value.Value.EnumerateArray().Select(TextOf).ToArray(),
                    _ => value.Value.GetRawText(),
                };
            }
        }

        return values;
    }

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? JsonText.GetString(value) : value.GetRawText();

    private static string? Text(JsonElement json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } text ? JsonText.GetString(text) : null;

    private static JsonElement Property(JsonElement json, string name) =>
        JsonText.TryGetProperty(json, name, out var value) ? value : default;
}

/// <summary>Writes a handshake wherever it stands in what is written, in the shape of JavaScript, and reads it back.</summary>
internal sealed class HandshakeConverter : JsonConverter<Handshake>
{
    private static readonly PacketSerializer Serializer = new();

    public override Handshake Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        HandshakeJson.Read(JsonElement.ParseValue(ref reader), Serializer);

    public override void Write(Utf8JsonWriter writer, Handshake value, JsonSerializerOptions options) => HandshakeJson.Write(writer, value);
}
