namespace OrleansRooms.Contracts;

/// <summary>Spans of time in the unit of time stamps.</summary>
internal static class TimeStamps
{
    /// <summary>By how much <see cref="TimeProvider.GetTimestamp"/> grows in a span of time.</summary>
    public static long TicksOf(this TimeProvider time, TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
