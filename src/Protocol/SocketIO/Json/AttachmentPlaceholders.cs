using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>The rules for <c>{"_placeholder":true,"num":i}</c> in a packet that has attachments.</summary>
internal static class AttachmentPlaceholders
{
    /// <summary>
    /// Checks that every placeholder names an attachment of the packet and that none is named twice. The second rule is
    /// stricter than JavaScript's: no encoder breaks it, and a small message that named a large attachment many times would
    /// make the server copy it as often.
    /// </summary>
    /// <exception cref="PacketFormatException">A placeholder is illegal.</exception>
    /// <exception cref="JsonException">The text is no JSON, or too deep.</exception>
    public static void Validate(ReadOnlySpan<byte> json, int attachments, int maxDepth)
    {
        Span<bool> seen = attachments <= 64 ? stackalloc bool[attachments] : new bool[attachments];
        var scanner = new PlaceholderScanner(json, maxDepth);
        while (scanner.Read())
        {
            var number = scanner.Number;
            if ((uint)number >= (uint)attachments || seen[number]) throw new PacketFormatException("illegal attachments");
            seen[number] = true;
        }
    }

    /// <summary>Checks a text of any depth that was written here, or by another server, with what was written beside it.</summary>
    /// <inheritdoc cref="Validate(ReadOnlySpan{byte}, int, int)" path="/exception"/>
    public static void Validate(ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (attachments.Count > 0) Validate(json, attachments.Count, int.MaxValue);
    }

    /// <summary>Writes the placeholder of one attachment.</summary>
    public static void Write(Utf8JsonWriter writer, int number)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("_placeholder"u8, true);
        writer.WriteNumber("num"u8, number);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Reads the object a reader stands on up to its end; <see langword="false"/> when it is no placeholder.
    /// </summary>
    public static bool TryRead(ref Utf8JsonReader reader, out int number)
    {
        number = -1;
        var isPlaceholder = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isMark = JsonText.NameEquals(ref reader, "_placeholder"u8);
            var isNumber = !isMark && JsonText.NameEquals(ref reader, "num"u8);
            reader.Read();
            if (isMark)
            {
                isPlaceholder = reader.TokenType is JsonTokenType.True;
            }
            else if (isNumber)
            {
                number = reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : -1;
            }

            reader.Skip();
        }

        return isPlaceholder;
    }
}
