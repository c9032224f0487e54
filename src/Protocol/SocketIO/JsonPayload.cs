using System.Text.Json;
using System.Text.Unicode;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// The rules for the JSON payload of each packet type (Socket.IO protocol 5, "Packet types"), checked in one pass that builds
/// nothing.
/// </summary>
internal static class JsonPayload
{
    /// <summary>Checks a payload that came from outside.</summary>
    /// <param name="type">The packet it belongs to.</param>
    /// <param name="json">The payload, known to be UTF-8; empty when there is none.</param>
    /// <param name="attachments">How many attachments the packet has; 0 makes anything that looks like a placeholder plain data.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    /// <exception cref="PacketFormatException">The payload breaks a rule.</exception>
    public static void Validate(PacketType type, ReadOnlySpan<byte> json, int attachments, int maxDepth)
    {
        if (json.IsEmpty)
        {
            // An ack without payload is let through as one without arguments, as the JavaScript server does.
            if (type is PacketType.Connect or PacketType.Disconnect or PacketType.Ack) return;
            throw new PacketFormatException($"A packet of type {type} needs a payload.");
        }

        if (type is PacketType.Disconnect) throw new PacketFormatException("A DISCONNECT has no payload.");

        try
        {
            var reader = CreateReader(json, maxDepth);
            reader.Read();
            CheckBeginning(type, ref reader);
            if (attachments > 0)
            {
                AttachmentPlaceholders.Validate(json, attachments, maxDepth);
                return;
            }

            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new PacketFormatException($"The payload is not JSON of at most {maxDepth} levels.", exception);
        }
    }

    /// <summary>Checks that a text is one JSON value of any depth in UTF-8.</summary>
    /// <exception cref="PacketFormatException">It is not.</exception>
    public static void ValidateValue(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) throw new PacketFormatException("The text is not UTF-8.");
        try
        {
            var reader = CreateReader(json, int.MaxValue);
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new PacketFormatException("The text is not JSON.", exception);
        }
    }

    /// <summary>A reader over a whole text.</summary>
    public static Utf8JsonReader CreateReader(ReadOnlySpan<byte> json, int maxDepth) =>
        new(json, new JsonReaderOptions { MaxDepth = maxDepth });

    private static void CheckBeginning(PacketType type, ref Utf8JsonReader reader)
    {
        switch (type)
        {
            case PacketType.Connect when reader.TokenType is JsonTokenType.StartObject:
            case PacketType.ConnectError when reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String:
            case PacketType.Ack or PacketType.BinaryAck when reader.TokenType is JsonTokenType.StartArray:
                return;
            case PacketType.Event or PacketType.BinaryEvent when reader.TokenType is JsonTokenType.StartArray:
                reader.Read();
                CheckEventName(ref reader);
                return;
            default:
                throw new PacketFormatException($"A packet of type {type} cannot have a payload that begins with {reader.TokenType}.");
        }
    }

    private static void CheckEventName(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number) return;
        if (reader.TokenType is not JsonTokenType.String)
        {
            throw new PacketFormatException("An event begins with its name, a string or a number.");
        }

        if (IsReserved(ref reader))
        {
            throw new PacketFormatException("A client cannot emit a reserved event name.");
        }
    }

    private static bool IsReserved(ref Utf8JsonReader reader)
    {
        // The rare name with escapes is decoded; the others are compared as they are, without a string.
        if (reader.ValueIsEscaped) return ReservedEvents.Contains(JsonText.GetString(ref reader));

        var name = reader.ValueSpan;
        return name.SequenceEqual("connect"u8)
            || name.SequenceEqual("connect_error"u8)
            || name.SequenceEqual("disconnect"u8)
            || name.SequenceEqual("disconnecting"u8)
            || name.SequenceEqual("newListener"u8)
            || name.SequenceEqual("removeListener"u8);
    }
}
