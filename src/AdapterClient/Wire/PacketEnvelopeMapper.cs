using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Wire;

/// <summary>Recipients, with or without a packet, as envelopes and back (docs/protocol/adapter-envelope.md).</summary>
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

    public static Envelope ToEnvelope(EnvelopeKind kind, string ns, BroadcastOptions options, Packet packet) =>
        PacketEnvelopes.Carry(ToEnvelope(kind, ns, options), packet);

    public static BroadcastOptions ToOptions(Envelope envelope) => new()
    {
        Rooms = ImmutableCollectionsMarshal.AsImmutableArray(WireName.Read(envelope.Rooms)),
        Except = ImmutableCollectionsMarshal.AsImmutableArray(WireName.Read(envelope.Except)),
        Flags = ToFlags(envelope.Flags),
    };

    private static EnvelopeFlags ToFlags(BroadcastFlags flags) =>
        ((flags & BroadcastFlags.Volatile) != 0 ? EnvelopeFlags.Volatile : EnvelopeFlags.None)
        | ((flags & BroadcastFlags.NoCompress) != 0 ? EnvelopeFlags.NoCompress : EnvelopeFlags.None);

    private static BroadcastFlags ToFlags(EnvelopeFlags flags) =>
        ((flags & EnvelopeFlags.Volatile) != 0 ? BroadcastFlags.Volatile : BroadcastFlags.None)
        | ((flags & EnvelopeFlags.NoCompress) != 0 ? BroadcastFlags.NoCompress : BroadcastFlags.None);

    private static string[] ToArray(ImmutableArray<string> names) => WireName.Of(ImmutableCollectionsMarshal.AsArray(names) ?? []);
}
