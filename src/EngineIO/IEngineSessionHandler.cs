namespace OrleansRooms.EngineIO;

/// <summary>
/// The layer above one session. The engine calls <see cref="OnMessage"/> for one message at a time in the order of arrival and
/// <see cref="OnClosed"/> exactly once. <see cref="OnClosed"/> may come from another thread while an <see cref="OnMessage"/>
/// is still running; no message is delivered after it.
/// </summary>
public interface IEngineSessionHandler
{
    /// <summary>
    /// A message came in. Must return quickly: the session's heartbeat answers wait behind it. What it throws is logged and
    /// closes the session with <see cref="CloseReason.TransportError"/>.
    /// </summary>
    /// <param name="data">Its data without the type digit; the handler may keep the memory.</param>
    /// <param name="isBinary">Whether it is binary rather than UTF-8 text.</param>
    void OnMessage(ReadOnlyMemory<byte> data, bool isBinary);

    /// <summary>The session has ended.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="description">A sentence for logs and for <c>disconnect</c> listeners, or <see langword="null"/>.</param>
    void OnClosed(CloseReason reason, string? description);

    /// <summary>The session moved from polling to WebSocket.</summary>
    void OnUpgraded();
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
