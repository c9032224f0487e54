using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// How Socket.IO packets are written into Engine.IO messages and read back. A server has one parser; its clients must use the
/// same (Socket.IO documentation, "Custom parser").
/// </summary>
public interface IPacketParser
{
    /// <summary>
    /// Encodes a packet into the frames that carry it, in order. Thread-safe; the result may be shared by all recipients.
    /// </summary>
    EngineIOFrame[] Encode(Packet packet);

    /// <summary>Creates the decoder of one connection, which remembers a packet whose attachments are still to come.</summary>
    IPacketDecoder CreateDecoder();
}

/// <summary>Turns the messages of one connection into packets. Not thread-safe: a connection reads one message at a time.</summary>
public interface IPacketDecoder
{
    /// <summary>Takes the next Engine.IO message.</summary>
    /// <param name="data">Its data without the Engine.IO type digit. The decoder may keep the memory.</param>
    /// <param name="isBinary">Whether it came as binary.</param>
    /// <returns>The packet that is now complete, or <see langword="null"/> while attachments are awaited.</returns>
    /// <exception cref="PacketFormatException">The client broke the protocol; its connection has to be closed.</exception>
    Packet? Add(ReadOnlyMemory<byte> data, bool isBinary);
}
