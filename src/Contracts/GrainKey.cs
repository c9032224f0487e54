namespace OrleansRooms.Contracts;

/// <summary>
/// Joins parts into one grain key so that no two lists of parts share a key: <c>!</c> separates, and inside a part <c>!</c> and the escape
/// character <c>~</c> are escaped.
/// </summary>
internal static class GrainKey
{
    private const char Separator = '!';

    public static string Join(params ReadOnlySpan<string> parts)
    {
        var key = new System.Text.StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                key.Append(Separator);
            }

            key.Append(Escape(parts[i]));
        }

        return key.ToString();
    }

    public static string[] Split(string key, int count)
    {
        var parts = key.Split(Separator);
        if (parts.Length != count)
        {
            throw new FormatException($"'{key}' is not a key of {count} parts.");
        }

        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Unescape(parts[i]);
        }

        return parts;
    }

    private static string Escape(string part) =>
        part.AsSpan().ContainsAny(Separator, '~')
            ? part.Replace("~", "~0", StringComparison.Ordinal).Replace("!", "~1", StringComparison.Ordinal)
            : part;

    private static string Unescape(string part) =>
        part.Contains('~', StringComparison.Ordinal)
            ? part.Replace("~1", "!", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : part;
}
