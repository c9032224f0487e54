using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>Why a socket disconnected, seen from the server (Socket.IO documentation, "disconnect" of the server's socket).</summary>
public enum DisconnectReason
{
    /// <summary>The server called <c>DisconnectAsync</c>.</summary>
    ServerNamespaceDisconnect,

    /// <summary>The client called <c>disconnect()</c>.</summary>
    ClientNamespaceDisconnect,

    /// <summary>The server is shutting down; clients reconnect to another one.</summary>
    ServerShuttingDown,

    /// <summary>The client's heartbeat answer did not come in time.</summary>
    PingTimeout,

    /// <summary>The connection was closed, for example because the user closed the page.</summary>
    TransportClose,

    /// <summary>The connection broke.</summary>
    TransportError,

    /// <summary>The client sent something that is no Engine.IO packet.</summary>
    ParseError,

    /// <summary>The server closed the connection because the client broke the Socket.IO protocol or a limit.</summary>
    ForcedClose,
}

/// <summary>The names of the reasons in Socket.IO's documentation, and what follows from them.</summary>
public static class DisconnectReasons
{
    /// <summary>The reason as Socket.IO spells it, for example <c>client namespace disconnect</c>.</summary>
    public static string ToProtocolString(this DisconnectReason reason) => reason switch
    {
        DisconnectReason.ServerNamespaceDisconnect => "server namespace disconnect",
        DisconnectReason.ClientNamespaceDisconnect => "client namespace disconnect",
        DisconnectReason.ServerShuttingDown => "server shutting down",
        DisconnectReason.PingTimeout => "ping timeout",
        DisconnectReason.TransportClose => "transport close",
        DisconnectReason.TransportError => "transport error",
        DisconnectReason.ParseError => "parse error",
        DisconnectReason.ForcedClose => "forced close",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a disconnect reason."),
    };

    /// <summary>Whether the client may come back as the same socket: nobody wished for the end.</summary>
    internal static bool IsRecoverable(this DisconnectReason reason) => reason
        is DisconnectReason.TransportClose or DisconnectReason.TransportError or DisconnectReason.PingTimeout
        or DisconnectReason.ForcedClose or DisconnectReason.ServerShuttingDown;

    internal static DisconnectReason ToDisconnectReason(this CloseReason reason) => reason switch
    {
        CloseReason.TransportClose => DisconnectReason.TransportClose,
        CloseReason.TransportError => DisconnectReason.TransportError,
        CloseReason.PingTimeout => DisconnectReason.PingTimeout,
        CloseReason.ParseError => DisconnectReason.ParseError,
        CloseReason.ServerShuttingDown => DisconnectReason.ServerShuttingDown,
        _ => DisconnectReason.ForcedClose,
    };
}
