namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// How the packets of a session travel. The session calls all members with its lock held, so none may block or call back into
/// the session.
/// </summary>
internal interface ITransport
{
    EngineTransport Kind { get; }

    /// <summary>Whether the transport could begin to send now, given that nothing is on its way.</summary>
    bool IsReady { get; }

    /// <summary>Begins to send: the transport will take the session's batch soon and on another thread.</summary>
    void StartSending();

    /// <summary>
    /// The server closes the session and nothing is left to send. <see langword="false"/> when the client cannot be told before
    /// its next request.
    /// </summary>
    bool TrySayGoodbye();

    /// <summary>The session has ended.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isSending">Whether a batch is on its way, after which the transport gets its turn to finish.</param>
    void End(CloseReason reason, bool isSending);
}
