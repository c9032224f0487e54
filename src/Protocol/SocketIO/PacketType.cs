namespace OrleansRooms.Protocol.SocketIO;

/// <summary>The packet types of Socket.IO protocol revision 5; the value is the digit that stands first on the wire.</summary>
public enum PacketType
{
    /// <summary>Joins a namespace, or the server's answer to it.</summary>
    Connect = 0,

    /// <summary>Leaves a namespace.</summary>
    Disconnect = 1,

    /// <summary>An event: an array whose first item is its name.</summary>
    Event = 2,

    /// <summary>The answer to an event that carried an id.</summary>
    Ack = 3,

    /// <summary>The server refuses a namespace.</summary>
    ConnectError = 4,

    /// <summary>An event with binary attachments.</summary>
    BinaryEvent = 5,

    /// <summary>An ack with binary attachments.</summary>
    BinaryAck = 6,
}
