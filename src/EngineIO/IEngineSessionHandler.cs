namespace OrleansRooms.EngineIO;

/// <summary>
/// The layer above one session. The engine makes one call at a time: <see cref="OnMessage"/> for every message in the order of
/// arrival, each followed by <see cref="WhenReadyAsync"/>, and <see cref="OnClosed"/> exactly once and last.
/// </summary>
/// <remarks>
/// <see cref="OnClosed"/> comes from a thread of the pool, never from inside <see cref="IEngineSession.Send"/>,
/// <see cref="IEngineSession.Close"/> or <see cref="IEngineSession.Abort"/>, and waits for an <see cref="OnMessage"/> that is
/// running. The session's <see cref="IEngineSession.IsOpen"/> turns false before.
/// </remarks>
public interface IEngineSessionHandler
{
    /// <summary>
    /// A message came in. Must return quickly: the session's heartbeat answers wait behind it. What it throws is logged and
    /// closes the session with <see cref="CloseReason.TransportError"/>.
    /// </summary>
    /// <param name="data">Its data without the type digit; the handler may keep the memory.</param>
    /// <param name="isBinary">Whether it is binary rather than UTF-8 text.</param>
    void OnMessage(ReadOnlyMemory<byte> data, bool isBinary);

    /// <summary>
    /// Completes when the handler can take another message. Until then nothing further is read from the client, so that a client that sends
    /// faster than it is served is slowed down by its own connection. Its heartbeat answers are not read either: a handler that is not
    /// ready for as long as <see cref="EngineIOOptions.PingInterval"/> and <see cref="EngineIOOptions.PingTimeout"/> together loses the
    /// session with <see cref="CloseReason.PingTimeout"/>. Must complete when the session has ended, and must not fail. Always ready,
    /// unless the handler says otherwise.
    /// </summary>
    ValueTask WhenReadyAsync() => default;

    /// <summary>The session has ended.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="description">A sentence for logs and for <c>disconnect</c> listeners, or <see langword="null"/>.</param>
    void OnClosed(CloseReason reason, string? description);
}

/// <summary>Gives every new session its handler.</summary>
public interface IEngineSessionAcceptor
{
    /// <summary>
    /// Called once for a session whose handshake succeeded, before anything of the client's is read. The handler may send at
    /// once; what it sends follows the open packet.
    /// </summary>
    IEngineSessionHandler Accept(IEngineSession session);
}
