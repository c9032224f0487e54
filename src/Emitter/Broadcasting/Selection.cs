using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Emitter.Broadcasting;

/// <summary>To whom something goes and how. Immutable.</summary>
internal sealed record Selection
{
    /// <summary>Everybody in the namespace.</summary>
    public static Selection All { get; } = new();

    /// <summary>The rooms addressed; empty for the whole namespace.</summary>
    public ImmutableArray<string> Rooms { get; init; } = [];

    /// <summary>The rooms whose members are left out.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    public EnvelopeFlags Flags { get; init; }

    /// <summary>How long answers are awaited; <see langword="null"/> for the default.</summary>
    public TimeSpan? Timeout { get; init; }

    public Selection To(params ReadOnlySpan<string> rooms) => this with { Rooms = Union(Rooms, rooms) };

    public Selection ButNot(params ReadOnlySpan<string> rooms) => this with { Except = Union(Except, rooms) };

    public Selection With(EnvelopeFlags flag) => this with { Flags = Flags | flag };

    public Selection Compress(bool compress) =>
        compress ? this with { Flags = Flags & ~EnvelopeFlags.NoCompress } : With(EnvelopeFlags.NoCompress);

    /// <summary>An envelope that goes there.</summary>
    public Envelope ToEnvelope(EnvelopeKind kind, string ns) => new()
    {
        Kind = kind,
        Namespace = ns,
        Rooms = WireName.Of(ImmutableCollectionsMarshal.AsArray(Rooms)!),
        Except = WireName.Of(ImmutableCollectionsMarshal.AsArray(Except)!),
        Flags = Flags,
    };

    private static ImmutableArray<string> Union(ImmutableArray<string> present, ReadOnlySpan<string> added)
    {
        var union = present;
        foreach (var room in added)
        {
            ArgumentNullException.ThrowIfNull(room);
            if (!union.Contains(room))
            {
                union = union.Add(room);
            }
        }

        return union;
    }
}
