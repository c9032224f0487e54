namespace OrleansRooms.Protocol.SocketIO;

/// <summary>A peer sent something that is no Socket.IO packet. The message names the rule that was broken.</summary>
public sealed class PacketFormatException : Exception
{
    /// <summary>Creates the exception with the rule that was broken.</summary>
    public PacketFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the rule that was broken and what noticed it.</summary>
    public PacketFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
