using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>
/// The names of rooms as they travel. A name may be any text of JavaScript, halves of surrogate pairs included, and has to be the same room
/// on every node; UTF-8, in which Orleans sends text, has no form for such a half.
/// </summary>
/// <remarks>
/// Part of the wire format (docs/protocol/adapter-envelope.md). A half, U+D800 to U+DFFF, becomes U+FFFF and the character 0x800 above it;
/// U+FFFF itself, which is no character of any text that is interchanged, is doubled. All other names travel as they are.
/// </remarks>
internal static class WireName
{
    private const char Mark = '\uffff';
    private const int Distance = 0x800;

    /// <summary>How a room's name travels.</summary>
    [return: NotNullIfNotNull(nameof(room))]
    public static string? Of(string? room)
    {
        var rest = room.AsSpan();
        var next = NextSpecial(rest);
        if (next < 0)
        {
            return room;
        }

        var wire = new StringBuilder(rest.Length + 8);
        while (next >= 0)
        {
            wire.Append(rest[..next]).Append(Mark).Append(rest[next] == Mark ? Mark : (char)(rest[next] + Distance));
            rest = rest[(next + 1)..];
            next = NextSpecial(rest);
        }

        return wire.Append(rest).ToString();
    }

    /// <summary>The name of the room that travelled so.</summary>
    [return: NotNullIfNotNull(nameof(wire))]
    public static string? Read(string? wire)
    {
        var rest = wire.AsSpan();
        var next = rest.IndexOf(Mark);
        if (next < 0)
        {
            return wire;
        }

        var room = new StringBuilder(rest.Length);
        while (next >= 0)
        {
            room.Append(rest[..next]);
            var marked = next + 1 < rest.Length ? rest[next + 1] : '\0';
            var isHalf = char.IsSurrogate((char)(marked - Distance));
            room.Append(isHalf ? (char)(marked - Distance) : Mark);
            rest = rest[(isHalf || marked == Mark ? next + 2 : next + 1)..];
            next = rest.IndexOf(Mark);
        }

        return room.Append(rest).ToString();
    }

    /// <summary>How the names of rooms travel; the same array when that is as they are.</summary>
    public static string[] Of(string[] rooms) => Change(rooms, Of);

    /// <summary>The names of the rooms that travelled so; the same array when that is as they are.</summary>
    public static string[] Read(string[] wire) => Change(wire, Read);

    private static string[] Change(string[] names, Func<string?, string?> change)
    {
        var changed = names;
        for (var i = 0; i < names.Length; i++)
        {
            var name = change(names[i]);
            if (ReferenceEquals(name, names[i]))
            {
                continue;
            }

            // The array may be somebody else's.
            changed = ReferenceEquals(changed, names) ? [.. names] : changed;
            changed[i] = name!;
        }

        return changed;
    }

    private static int NextSpecial(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var found = text[i..].IndexOfAnyExceptInRange('\0', '\ud7ff');
            if (found < 0)
            {
                return -1;
            }

            i += found;
            if (text[i] == Mark)
            {
                return i;
            }

            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
