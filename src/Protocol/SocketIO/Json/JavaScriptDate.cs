using System.Globalization;
using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>The form of <c>Date.prototype.toISOString</c>: <c>1970-01-01T00:00:00.000Z</c>.</summary>
internal static class JavaScriptDate
{
    public static void Write(Utf8JsonWriter writer, DateTime utc)
    {
        Span<byte> text = stackalloc byte[24];
        utc.TryFormat(text, out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
