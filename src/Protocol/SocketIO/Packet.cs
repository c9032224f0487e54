namespace OrleansRooms.Protocol.SocketIO;

/// <summary>
/// One Socket.IO packet in the one form that all parts of the project share, whatever parser a connection uses: a JSON payload
/// in UTF-8 in which <c>{"_placeholder":true,"num":i}</c> stands for the i-th attachment, and the attachments beside it.
/// Immutable; the bytes must not be changed once they are handed over.
/// </summary>
/// <remarks>See the Socket.IO protocol, revision 5, "Packet encoding".</remarks>
public sealed class Packet
{
    /// <summary>The namespace that every client may join without the server naming it.</summary>
    public const string MainNamespace = "/";

    /// <summary>
    /// What the packet is. With attachments it is <see cref="PacketType.BinaryEvent"/> or <see cref="PacketType.BinaryAck"/>,
    /// without any it never is.
    /// </summary>
    public required PacketType Type { get; init; }

    /// <summary>The namespace it belongs to, with its leading slash.</summary>
    public string Namespace { get; init; } = MainNamespace;

    /// <summary>The ack id, or <see langword="null"/> when no answer is expected; never negative.</summary>
    public long? AckId { get; init; }

    /// <summary>The JSON payload in UTF-8; empty when the packet has none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The binary attachments in the order of their placeholders.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; init; } = [];

    /// <summary>Whether the packet is an event, with or without attachments.</summary>
    public bool IsEvent => Type is PacketType.Event or PacketType.BinaryEvent;

    /// <summary>Whether the packet is an ack, with or without attachments.</summary>
    public bool IsAck => Type is PacketType.Ack or PacketType.BinaryAck;

    /// <summary>The same packet under another ack id.</summary>
    public Packet WithAckId(long? ackId) =>
        new() { Type = Type, Namespace = Namespace, AckId = ackId, Payload = Payload, Attachments = Attachments };
}
