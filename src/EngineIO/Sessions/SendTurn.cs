namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// A stretch of code that a thread runs in one go, such as an event handler up to its first wait. Within one turn a session takes
/// at most one volatile message and none behind another message, as on the reference server, where nothing is written before the
/// handler has returned. Without it the outcome would depend on how fast another thread writes.
/// </summary>
/// <remarks>Code outside any turn has only the rule that no batch may be on its way.</remarks>
internal readonly ref struct SendTurn
{
    [ThreadStatic]
    private static long t_current;

    [ThreadStatic]
    private static int t_count;

    private readonly long _outer;

    private SendTurn(long outer) => _outer = outer;

    /// <summary>The turn of the calling thread, unlike any other; 0 outside turns.</summary>
    public static long Current => t_current;

    /// <summary>Begins a turn on the calling thread; dispose the result on the same thread.</summary>
    public static SendTurn Begin()
    {
        var outer = t_current;
        t_current = ((long)Environment.CurrentManagedThreadId << 32) | (uint)++t_count;
        return new SendTurn(outer);
    }

    public void Dispose() => t_current = _outer;
}
