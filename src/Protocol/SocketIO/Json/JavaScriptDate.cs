using System.Globalization;
using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>The form of <c>Date.prototype.toISOString</c>: <c>1970-01-01T00:00:00.000Z</c>.</summary>
internal static class JavaScriptDate
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // A date of JavaScript reaches 100 million days to either side of 1970.
    private const long LastMillisecond = 8_640_000_000_000_000;

    // After 400 years the calendar repeats itself, to the day and the leap year.
    private const long CycleYears = 400;
    private const long CycleMilliseconds = 146_097L * 24 * 60 * 60 * 1000;

    /// <summary>Writes an instant in UTC.</summary>
    public static void Write(Utf8JsonWriter writer, DateTime utc)
    {
        Span<byte> text = stackalloc byte[24];
        utc.TryFormat(text, out var written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    /// <summary>
    /// Writes an instant of JavaScript, which knows years far beyond those of <see cref="DateTime"/> and writes them with a sign
    /// and six digits; an instant it does not know is an invalid date and becomes <c>null</c>.
    /// </summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="milliseconds">Milliseconds since 1970.</param>
    public static void Write(Utf8JsonWriter writer, long milliseconds)
    {
        if (milliseconds is < -LastMillisecond or > LastMillisecond)
        {
            writer.WriteNullValue();
            return;
        }

        var cycles = Math.DivRem(milliseconds, CycleMilliseconds, out var rest);
        if (rest < 0)
        {
            cycles--;
            rest += CycleMilliseconds;
        }

        var inCycle = DateTime.UnixEpoch.AddMilliseconds(rest);
        var year = inCycle.Year + cycles * CycleYears;
        var text = inCycle.ToString(Format, CultureInfo.InvariantCulture)[4..];
        writer.WriteStringValue(year is >= 0 and <= 9999
            ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}{text}")
            : string.Create(CultureInfo.InvariantCulture, $"{year:+000000;-000000}{text}"));
    }
}
