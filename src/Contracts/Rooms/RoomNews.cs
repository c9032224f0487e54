using System.Collections.Immutable;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>What a shard of the rooms tells those who follow its rooms.</summary>
/// <param name="Position">Up to where this goes.</param>
/// <param name="IsWhole">Whether these are all rooms there are, rather than what came and went since the caller asked last.</param>
/// <param name="Rooms">The rooms, in the order in which they came and went.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-news")]
public sealed record RoomNews(
    [property: Id(0)] RoomLogPosition Position, [property: Id(1)] bool IsWhole, [property: Id(2)] ImmutableArray<RoomExistence> Rooms)
{
    /// <summary>
    /// Whether there are more rooms than one message carries: these are the first in ordinal order then, and
    /// <see cref="IRoomShardGrain.ListAsync"/> has the others.
    /// </summary>
    [Id(3)]
    public bool HasMore { get; init; }
}

/// <summary>Rooms of a shard in ordinal order.</summary>
/// <param name="Rooms">The rooms.</param>
/// <param name="HasMore">Whether there are more behind them.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-page")]
public sealed record RoomPage([property: Id(0)] ImmutableArray<string> Rooms, [property: Id(1)] bool HasMore);

/// <summary>A room that came or went.</summary>
/// <param name="Room">The room.</param>
/// <param name="Exists">Whether anybody is in it.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-existence")]
public readonly record struct RoomExistence([property: Id(0)] string Room, [property: Id(1)] bool Exists);

/// <summary>A place in what one activation of a shard of the rooms has seen.</summary>
/// <param name="Log">Differs for every activation.</param>
/// <param name="Number">How many times rooms have come or gone.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-log-position")]
public readonly record struct RoomLogPosition([property: Id(0)] Guid Log, [property: Id(1)] long Number);
