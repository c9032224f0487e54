using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Messaging.Wire;

/// <summary>
/// Packets as envelopes and back (docs/protocol/adapter-envelope.md). The payload is handed on as it is, never looked into.
/// </summary>
internal static class PacketEnvelopes
{
    /// <summary>An envelope of a namespace that carries a packet.</summary>
    public static Envelope Carry(EnvelopeKind kind, string ns, Packet packet) =>
        Carry(new Envelope { Kind = kind, Namespace = ns }, packet);

    /// <summary>The same envelope with a packet in it.</summary>
    public static Envelope Carry(Envelope envelope, Packet packet) =>
        envelope with { Payload = ToArray(packet.Payload), Attachments = ToArrays(packet.Attachments) };

    public static Packet ToEvent(Envelope envelope) =>
        ToPacket(envelope, envelope.Attachments.Length > 0 ? PacketType.BinaryEvent : PacketType.Event);

    public static Packet ToAck(Envelope envelope) =>
        ToPacket(envelope, envelope.Attachments.Length > 0 ? PacketType.BinaryAck : PacketType.Ack);

    private static Packet ToPacket(Envelope envelope, PacketType type) => new()
    {
        Type = type,
        Namespace = envelope.Namespace,
        Payload = envelope.Payload,
        Attachments = ToMemories(envelope.Attachments),
    };

    // A packet's bytes do not change any more, so an array that holds nothing else needs no copy.
    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    private static byte[][] ToArrays(IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (attachments.Count == 0)
        {
            return [];
        }

        var arrays = new byte[attachments.Count][];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = ToArray(attachments[i]);
        }

        return arrays;
    }

    private static ReadOnlyMemory<byte>[] ToMemories(byte[][] attachments)
    {
        if (attachments.Length == 0)
        {
            return [];
        }

        var memories = new ReadOnlyMemory<byte>[attachments.Length];
        for (var i = 0; i < memories.Length; i++)
        {
            memories[i] = attachments[i];
        }

        return memories;
    }
}
