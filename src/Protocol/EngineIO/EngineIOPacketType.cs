namespace OrleansRooms.Protocol.EngineIO;

/// <summary>The packet types of Engine.IO protocol revision 4; the value is the digit that stands first on the wire.</summary>
public enum EngineIOPacketType
{
    /// <summary>Server to client, first packet of a session: the handshake.</summary>
    Open = 0,

    /// <summary>The sender is closing the session.</summary>
    Close = 1,

    /// <summary>Server to client heartbeat; inside an upgrade, the client's probe.</summary>
    Ping = 2,

    /// <summary>Client to server heartbeat answer; inside an upgrade, the server's answer to the probe.</summary>
    Pong = 3,

    /// <summary>Payload for the layer above; the only type that may be binary.</summary>
    Message = 4,

    /// <summary>Client to server: the transport switch is complete.</summary>
    Upgrade = 5,

    /// <summary>Nothing; releases a pending poll.</summary>
    Noop = 6,
}
