using System.Buffers.Text;
using System.Text;

namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>
/// The probe app's messages as they are on the wire. The payload says who sent it, to which room and as which of its messages there:
/// <c>publisher:room:number:</c>, filled up to a size.
/// </summary>
internal static class ProbeMessages
{
    public const int PayloadSize = 64;

    private const byte Separator = (byte)':';

    private static ReadOnlySpan<byte> Event => "42[\"msg\","u8;

    public static string Room(int room) => $"room{room}";

    public static byte[] Join(string room) => Encoding.UTF8.GetBytes($"421[\"join\",\"{room}\"]");

    public static byte[] Leave(string room) => Encoding.UTF8.GetBytes($"421[\"leave\",\"{room}\"]");

    /// <summary>Writes a <c>pub</c> event and returns its length.</summary>
    public static int WritePublish(Span<byte> output, int publisher, int room, long number, long timestamp)
    {
        var length = 0;
        Append(output, "42[\"pub\",\"room"u8, ref length);
        Append(output, room, ref length);
        Append(output, "\","u8, ref length);
        Append(output, timestamp, ref length);
        Append(output, ",\""u8, ref length);

        var payload = length;
        Append(output, publisher, ref length);
        output[length++] = Separator;
        Append(output, room, ref length);
        output[length++] = Separator;
        Append(output, number, ref length);
        output[length++] = Separator;
        var rest = Math.Max(0, PayloadSize - (length - payload));
        output.Slice(length, rest).Fill((byte)'x');
        length += rest;

        Append(output, "\"]"u8, ref length);
        return length;
    }

    /// <summary>Reads a <c>msg</c> event.</summary>
    public static bool TryReadMessage(ReadOnlySpan<byte> message, out long timestamp, out int publisher, out int room, out long number)
    {
        (timestamp, publisher, room, number) = (0, 0, 0, 0);
        if (!message.StartsWith(Event))
        {
            return false;
        }

        var rest = message[Event.Length..];
        if (!Utf8Parser.TryParse(rest, out timestamp, out var read) || !rest[read..].StartsWith(",\""u8))
        {
            return false;
        }

        rest = rest[(read + 2)..];
        if (!TryReadPart(ref rest, out var publisherPart) || !TryReadPart(ref rest, out var roomPart) || !TryReadPart(ref rest, out number))
        {
            return false;
        }

        (publisher, room) = ((int)publisherPart, (int)roomPart);
        return true;
    }

    private static bool TryReadPart(ref ReadOnlySpan<byte> text, out long value)
    {
        if (!Utf8Parser.TryParse(text, out value, out var read) || read == text.Length || text[read] != Separator)
        {
            return false;
        }

        text = text[(read + 1)..];
        return true;
    }

    private static void Append(Span<byte> output, ReadOnlySpan<byte> text, ref int length)
    {
        text.CopyTo(output[length..]);
        length += text.Length;
    }

    private static void Append(Span<byte> output, long number, ref int length)
    {
        Utf8Formatter.TryFormat(number, output[length..], out var written);
        length += written;
    }
}
