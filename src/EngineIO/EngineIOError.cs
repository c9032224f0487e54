namespace OrleansRooms.EngineIO;

/// <summary>
/// Why a request was refused; the value is the <c>code</c> in the response (Socket.IO documentation, <c>connection_error</c>).
/// </summary>
public enum EngineIOError
{
    /// <summary>The transport is missing, unknown or not enabled.</summary>
    TransportUnknown = 0,

    /// <summary>The session id is unknown, or its session has ended.</summary>
    SessionIdUnknown = 1,

    /// <summary>A handshake came with another method than GET.</summary>
    BadHandshakeMethod = 2,

    /// <summary>The request makes no sense for the session or the transport it names.</summary>
    BadRequest = 3,

    /// <summary>The server does not want this client.</summary>
    Forbidden = 4,

    /// <summary>The client speaks another revision of the protocol than 4.</summary>
    UnsupportedProtocolVersion = 5,
}
