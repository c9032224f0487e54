namespace OrleansRooms.Contracts;

/// <summary>
/// How much one message of Orleans carries. One that is larger than Orleans lets through (<c>MaxMessageBodySize</c>, 100 MiB unless it is
/// set) takes the whole connection down, with all
/// that others have on it; so whatever may grow is split long before.
/// </summary>
internal static class CallSize
{
    /// <summary>What is gathered for one message, in characters of names or in bytes; the last thing that is added may go beyond.</summary>
    public const int Target = 1024 * 1024;

    /// <summary>What the name of a room may have at most, in bytes of UTF-8, so that a few of them can always travel together.</summary>
    public const int LongestName = 1024 * 1024;

    /// <summary>What is counted for each name besides its characters.</summary>
    public const int PerName = 16;

    /// <summary>Whether nobody can be in a room, because no name is so long.</summary>
    public static bool IsTooLongForAName(string name) =>
        name.Length > LongestName || (name.Length > LongestName / 3 && System.Text.Encoding.UTF8.GetByteCount(name) > LongestName);
}
