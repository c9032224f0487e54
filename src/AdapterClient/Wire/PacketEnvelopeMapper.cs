using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Wire;

/// <summary>Packets and recipients as envelopes and back (docs/protocol/adapter-envelope.md). The payload is handed on as it is, never looked into.</summary>
internal static class PacketEnvelopeMapper
{
    public static Envelope ToEnvelope(EnvelopeKind kind, string ns, BroadcastOptions options) => new()
    {
        Kind = kind,
        Namespace = ns,
        Rooms = ToArray(options.Rooms),
        Except = ToArray(options.Except),
        Flags = ToFlags(options.Flags),
    };

    public static Envelope ToEnvelope(EnvelopeKind kind, string ns, Packet packet) => new()
    {
        Kind = kind,
        Namespace = ns,
        Payload = ToArray(packet.Payload),
        Attachments = ToArrays(packet.Attachments),
    };

    public static Envelope ToEnvelope(EnvelopeKind kind, string ns, BroadcastOptions options, Packet packet) =>
        ToEnvelope(kind, ns, options) with { Payload = ToArray(packet.Payload), Attachments = ToArrays(packet.Attachments) };

    public static BroadcastOptions ToOptions(Envelope envelope) => new()
    {
        Rooms = ImmutableCollectionsMarshal.AsImmutableArray(envelope.Rooms),
        Except = ImmutableCollectionsMarshal.AsImmutableArray(envelope.Except),
        Flags = ToFlags(envelope.Flags),
    };

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

    private static EnvelopeFlags ToFlags(BroadcastFlags flags) =>
        ((flags & BroadcastFlags.Volatile) != 0 ? EnvelopeFlags.Volatile : EnvelopeFlags.None)
        | ((flags & BroadcastFlags.NoCompress) != 0 ? EnvelopeFlags.NoCompress : EnvelopeFlags.None);

    private static BroadcastFlags ToFlags(EnvelopeFlags flags) =>
        ((flags & EnvelopeFlags.Volatile) != 0 ? BroadcastFlags.Volatile : BroadcastFlags.None)
        | ((flags & EnvelopeFlags.NoCompress) != 0 ? BroadcastFlags.NoCompress : BroadcastFlags.None);

    private static string[] ToArray(ImmutableArray<string> names) => ImmutableCollectionsMarshal.AsArray(names) ?? [];

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
