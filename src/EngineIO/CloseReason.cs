namespace OrleansRooms.EngineIO;

/// <summary>Why an Engine.IO session ended.</summary>
public enum CloseReason
{
    /// <summary>The peer closed the connection or said that it does.</summary>
    TransportClose,

    /// <summary>The connection broke, or the peer broke a rule of the transport.</summary>
    TransportError,

    /// <summary>No pong came in time.</summary>
    PingTimeout,

    /// <summary>The peer sent something that is no Engine.IO packet.</summary>
    ParseError,

    /// <summary>This side closed the session.</summary>
    ForcedClose,

    /// <summary>The server is shutting down.</summary>
    ServerShuttingDown,
}

/// <summary>The names of the reasons in Socket.IO's documentation.</summary>
public static class CloseReasons
{
    /// <summary>The reason as Socket.IO spells it, for example <c>transport close</c>.</summary>
    public static string ToProtocolString(this CloseReason reason) => reason switch
    {
        CloseReason.TransportClose => "transport close",
        CloseReason.TransportError => "transport error",
        CloseReason.PingTimeout => "ping timeout",
        CloseReason.ParseError => "parse error",
        CloseReason.ForcedClose => "forced close",
        CloseReason.ServerShuttingDown => "server shutting down",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a close reason."),
    };
}
