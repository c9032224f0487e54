namespace OrleansRooms.SocketIO;

/// <summary>
/// What a server keeps for clients whose connection broke, so that they come back as the socket they were and get what they missed
/// (Socket.IO documentation, "Connection state recovery"). The limits count for each namespace; what goes past them is forgotten, oldest
/// first, and a client that would have needed it begins a new session.
/// </summary>
public sealed class ConnectionStateRecoveryOptions
{
    /// <summary>
    /// How long a client may be away, and how long events are kept. Raising it keeps more of both in memory. Default: 2 minutes.
    /// </summary>
    public TimeSpan MaxDisconnectionDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether the connection middlewares are skipped for a client that comes back; they have let it in before. Default: true.
    /// </summary>
    public bool SkipMiddlewares { get; set; } = true;

    /// <summary>How many sockets are kept whose client may come back. Default: 20,000.</summary>
    public int MaxSessions { get; set; } = 20_000;

    /// <summary>How many events are kept. Default: 100,000.</summary>
    public int MaxPackets { get; set; } = 100_000;

    /// <summary>How many bytes these events may take together. Default: 64 MiB.</summary>
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;
}
