using System.Text.Json;
using MessagePack;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.MessagePack;

/// <summary>Writes the JSON payload of a packet as MessagePack, its attachments as bin.</summary>
internal static class JsonToMessagePack
{
    // Beyond 2^53 - 1 not every integer is a double.
    private const double LastExactInteger = 9_007_199_254_740_991;

    /// <summary>
    /// Goes through the text twice: MessagePack wants to know the size of an array or map before its first item.
    /// </summary>
    public static void Write(ref MessagePackWriter writer, ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var sizes = Measure(json);
        var nextSize = 0;
        var placeholders = attachments.Count == 0 ? default : new PlaceholderScanner(json, int.MaxValue);
        var isPlaceholderAhead = attachments.Count > 0 && placeholders.Read();

        var reader = JsonPayload.CreateReader(json, int.MaxValue);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when isPlaceholderAhead && placeholders.Start == reader.TokenStartIndex:
                    writer.Write(attachments[placeholders.Number].Span);
                    reader.Skip();
                    nextSize++;
                    isPlaceholderAhead = placeholders.Read();
                    break;
                case JsonTokenType.StartObject:
                    writer.WriteMapHeader(sizes[nextSize++]);
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteArrayHeader(sizes[nextSize++]);
                    break;
                case JsonTokenType.PropertyName or JsonTokenType.String:
                    WriteString(ref writer, ref reader);
                    break;
                case JsonTokenType.Number:
                    WriteNumber(ref writer, ref reader);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    writer.Write(reader.TokenType is JsonTokenType.True);
                    break;
                case JsonTokenType.Null:
                    writer.WriteNil();
                    break;
            }
        }
    }

    /// <summary>How many items each array and properties each object has, in the order in which they begin.</summary>
    private static List<int> Measure(ReadOnlySpan<byte> json)
    {
        var sizes = new List<int>();
        var open = new Stack<(int Index, bool IsArray)>();
        var reader = JsonPayload.CreateReader(json, int.MaxValue);
        while (reader.Read())
        {
            var token = reader.TokenType;
            if (token is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                open.Pop();
                continue;
            }

            // An array counts its values, an object its names.
            if (open.TryPeek(out var container) && (container.IsArray || token is JsonTokenType.PropertyName)) sizes[container.Index]++;
            if (token is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                open.Push((sizes.Count, token is JsonTokenType.StartArray));
                sizes.Add(0);
            }
        }

        return sizes;
    }

    private static void WriteString(ref MessagePackWriter writer, ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            writer.Write(JsonText.GetString(ref reader));
        }
        else
        {
            writer.WriteString(reader.ValueSpan);
        }
    }

    // As in JavaScript, a whole number is an integer however it is written: 1.0 and 1e2 too.
    private static void WriteNumber(ref MessagePackWriter writer, ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer))
        {
            writer.Write(integer);
        }
        else if (reader.TryGetUInt64(out var unsigned))
        {
            writer.Write(unsigned);
        }
        else
        {
            var number = reader.GetDouble();
            if (Math.Abs(number) <= LastExactInteger && Math.Floor(number) == number)
            {
                writer.Write((long)number);
            }
            else
            {
                writer.Write(number);
            }
        }
    }
}
