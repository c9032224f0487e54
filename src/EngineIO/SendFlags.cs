namespace OrleansRooms.EngineIO;

/// <summary>How a message is sent to one session.</summary>
[Flags]
public enum SendFlags
{
    /// <summary>Reliably, compressed where the transport compresses.</summary>
    None = 0,

    /// <summary>
    /// Dropped unless the transport can take it right now: a poll is waiting, or the WebSocket has handed on everything before
    /// (Socket.IO documentation, "Volatile events").
    /// </summary>
    Volatile = 1,

    /// <summary>Never compressed (<c>compress(false)</c>).</summary>
    NoCompress = 2,
}
