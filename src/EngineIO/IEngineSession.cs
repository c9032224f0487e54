using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO;

/// <summary>
/// One client's connection at the Engine.IO level, over whichever transport currently carries it (<c>socket.conn</c> in
/// Socket.IO's documentation). All members are safe to call from any thread.
/// </summary>
public interface IEngineSession
{
    /// <summary>The session id. It lets its owner take over the session, so it must never reach another client or a log.</summary>
    string Id { get; }

    /// <summary>What the first HTTP request of the session said; it stays the same after an upgrade.</summary>
    SessionRequest Request { get; }

    /// <summary>The transport in use now.</summary>
    EngineTransport Transport { get; }

    /// <summary>
    /// Whether packets are still accepted: true until <see cref="Close"/>, <see cref="Abort"/> or the end of the connection.
    /// </summary>
    bool IsOpen { get; }

    /// <summary>What happens below the messages.</summary>
    EngineSessionEvents Events { get; }

    /// <summary>
    /// Queues frames to be sent one right after the other, with no other frame between them, behind everything queued before.
    /// Never blocks and never throws because of the connection's state.
    /// </summary>
    /// <param name="frames">The frames of one message; the array and its frames must not change any more.</param>
    /// <param name="flags">How to send them.</param>
    /// <returns>
    /// <see langword="false"/> when the frames were dropped: the session is closed, or they were
    /// <see cref="SendFlags.Volatile"/> and the transport could not take them now.
    /// </returns>
    bool Send(EngineIOFrame[] frames, SendFlags flags = SendFlags.None);

    /// <summary>
    /// The client has been let in: its session does not count for <see cref="EngineIOOptions.MaxPendingSessionsPerAddress"/> any
    /// more. Without effect when it has been said before. Socket.IO says so when the client enters its first namespace.
    /// </summary>
    void Admit();

    /// <summary>Ends the session after what is queued has been sent; the reason is <see cref="CloseReason.ForcedClose"/>.</summary>
    void Close();

    /// <summary>Ends the session at once and discards what is queued; the reason is <see cref="CloseReason.ForcedClose"/>.</summary>
    void Abort();
}
