using System.Buffers.Binary;
using System.Net.WebSockets;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>What a client has sent over its WebSocket.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">What it says, in memory that will be used again.</param>
internal readonly record struct ClientMessage(ClientMessageKind Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The status of a <see cref="ClientMessageKind.Close"/>.</summary>
    public WebSocketCloseStatus Status =>
        Payload.IsEmpty ? WebSocketCloseStatus.Empty : (WebSocketCloseStatus)BinaryPrimitives.ReadUInt16BigEndian(Payload.Span);
}

/// <summary>What a <see cref="ClientMessage"/> is.</summary>
internal enum ClientMessageKind : byte
{
    /// <summary>Nothing that is complete.</summary>
    None,

    Text,
    Binary,
    Ping,
    Pong,
    Close,

    /// <summary>A message longer than the limit has begun; nothing of it, nor of what follows it, is kept.</summary>
    TooBig,
}

/// <summary>A client has broken the protocol of WebSockets.</summary>
/// <param name="status">What it is told.</param>
/// <param name="message">What it did.</param>
internal sealed class ClientMessageException(WebSocketCloseStatus status, string message) : Exception(message)
{
    public WebSocketCloseStatus Status => status;
}
