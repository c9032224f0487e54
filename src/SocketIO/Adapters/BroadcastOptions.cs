using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>To whom a broadcast goes and how. Immutable.</summary>
/// <remarks>
/// The recipients are the union of <see cref="Rooms"/>, each socket once, minus the members of <see cref="Except"/>. Empty
/// <see cref="Rooms"/> means the whole namespace; rooms that nobody is in contribute nobody.
/// </remarks>
public sealed record BroadcastOptions
{
    /// <summary>Everybody in the namespace, on every node.</summary>
    public static BroadcastOptions All { get; } = new();

    /// <summary>The rooms addressed; empty for the whole namespace. A socket's id is a room that holds that socket.</summary>
    public ImmutableArray<string> Rooms { get; init; } = [];

    /// <summary>The rooms whose members are left out, socket ids included.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>How the packet travels.</summary>
    public BroadcastFlags Flags { get; init; }

    /// <summary>
    /// How long answers are awaited, by requests that have any; <see langword="null"/> for the adapter's default.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the broadcast stays on this node.</summary>
    public bool IsLocal => (Flags & BroadcastFlags.Local) != 0;

    /// <summary>These options with more rooms.</summary>
    public BroadcastOptions To(params ReadOnlySpan<string> rooms) => this with { Rooms = Union(Rooms, rooms) };

    /// <summary>These options with more rooms left out.</summary>
    public BroadcastOptions ButNot(params ReadOnlySpan<string> rooms) => this with { Except = Union(Except, rooms) };

    /// <summary>These options with a flag.</summary>
    public BroadcastOptions With(BroadcastFlags flag) => this with { Flags = Flags | flag };

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

/// <summary>How a broadcast travels.</summary>
[Flags]
public enum BroadcastFlags
{
    /// <summary>Reliably, to all nodes.</summary>
    None = 0,

    /// <summary>Each recipient's copy is dropped when its connection cannot take it now.</summary>
    Volatile = 1,

    /// <summary>Never compressed.</summary>
    NoCompress = 2,

    /// <summary>Only to sockets of this node.</summary>
    Local = 4,
}
