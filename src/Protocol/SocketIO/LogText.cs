using System.Globalization;
using System.Text;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// A text that clients may have chosen, as it stands in logs: cut, and without characters that end a line, steer a terminal or turn
/// the direction of what follows. Made into text only when it is logged.
/// </summary>
internal readonly struct LogText(string? text)
{
    /// <summary>How many characters of the text a log shows.</summary>
    public const int MaxLength = 100;

    /// <summary>Lets texts be given to loggers as they are.</summary>
    public static implicit operator LogText(string? text) => new(text);

    public override string ToString()
    {
        if (text is null) return "";

        var shown = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        if (shown.Length == text.Length && IsPlain(shown)) return text;

        var written = new StringBuilder(shown.Length + 32);
        foreach (var rune in shown.EnumerateRunes())
        {
            if (IsPlain(rune)) written.Append(rune.ToString());
            else written.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return shown.Length == text.Length
            ? written.ToString()
            : written.Append(CultureInfo.InvariantCulture, $"... ({text.Length} characters)").ToString();
    }

    private static bool IsPlain(ReadOnlySpan<char> shown)
    {
        foreach (var rune in shown.EnumerateRunes())
        {
            if (!IsPlain(rune)) return false;
        }

        return true;
    }

    private static bool IsPlain(Rune rune) => rune.IsAscii
        ? rune.Value is >= ' ' and < 0x7f
        : rune != Rune.ReplacementChar
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
