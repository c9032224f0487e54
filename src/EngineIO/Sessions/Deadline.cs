namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// Something that the <see cref="HeartbeatClock"/> wakes when its time has come. A base class rather than an object of its own,
/// so that a session's deadline costs no extra allocation; the clock's lock guards the fields.
/// </summary>
internal abstract class Deadline
{
    internal Deadline? Previous { get; set; }

    internal Deadline? Next { get; set; }

    internal long DueAt { get; set; }

    internal DeadlineKind ArmedFor { get; set; }

    internal bool IsArmed { get; set; }

    /// <summary>
    /// The time has come. Called by the clock without a lock and for one deadline after the other, so it must be quick; the
    /// deadline may have been disarmed a moment ago.
    /// </summary>
    protected internal abstract void OnDue(DeadlineKind kind);
}

/// <summary>What a <see cref="Deadline"/> waits for.</summary>
internal enum DeadlineKind : byte
{
    /// <summary>The next ping is to be sent.</summary>
    Ping,

    /// <summary>The pong should have come.</summary>
    Pong,

    /// <summary>The upgrade should have been completed.</summary>
    Upgrade,

    /// <summary>A closing session should have collected its last packets.</summary>
    Close,

    /// <summary>A closed WebSocket should have answered the close frame.</summary>
    Linger,
}
