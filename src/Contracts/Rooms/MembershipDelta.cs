using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>What one node says to one <see cref="IRoomShardGrain"/> of the node's own members.</summary>
/// <remarks>
/// Per node run and owner, versions grow with the node's changes; an owner that never heard of the run is at 0. A delta takes the owner
/// from <see cref="BaseVersion"/> to <see cref="Version"/>; a snapshot, whose base is <see cref="Snapshot"/>, replaces whatever the owner
/// held of the node. What the owner is already at or beyond is taken for a repetition, except a snapshot of the very version it is at. Of
/// two that overlap, the owner takes neither half: it asks for a snapshot. A delta without changes is allowed; one that leads nowhere, from
/// a version to the same, verifies: the owner compares <see cref="Digest"/> with what it holds and asks for a snapshot when they differ. A
/// snapshot that is too large for one message comes in parts of the same version, one after the other: the owner takes it when it has them
/// all, so that it never knows less than before.
/// </remarks>
[GenerateSerializer]
[Immutable]
[Alias("rooms.membership-delta")]
public sealed record MembershipDelta
{
    /// <summary>The <see cref="BaseVersion"/> of a snapshot.</summary>
    public const long Snapshot = -1;

    /// <summary>The node that speaks.</summary>
    [Id(0)]
    public required NodeIdentity Node { get; init; }

    /// <summary>The version that the owner must be at, or <see cref="Snapshot"/>.</summary>
    [Id(1)]
    public required long BaseVersion { get; init; }

    /// <summary>The version that the owner is at afterwards; not below <see cref="BaseVersion"/>.</summary>
    [Id(2)]
    public required long Version { get; init; }

    /// <summary>The changes in the order in which they happened; in a snapshot, one join for every membership.</summary>
    [Id(3)]
    public required ImmutableArray<MembershipChange> Changes { get; init; }

    /// <summary>
    /// Whether the node wants to hear the sizes of its rooms as they change. Taken from what was applied last, so a node that changes its
    /// mind sends a delta without changes and a higher version.
    /// </summary>
    [Id(4)]
    public bool WatchSizes { get; init; }

    /// <summary>The digest of all memberships that the node has at this owner; of meaning where this verifies.</summary>
    [Id(5)]
    public MembershipDigest Digest { get; init; }

    /// <summary>How many parts of the snapshot came before this one.</summary>
    [Id(6)]
    public int PartsBefore { get; init; }

    /// <summary>Whether parts of the snapshot are still to come.</summary>
    [Id(7)]
    public bool HasMoreParts { get; init; }

    /// <summary>Whether this only verifies that the owner knows what it should.</summary>
    public bool IsVerification => BaseVersion == Version;

    /// <summary>Whether this is a snapshot.</summary>
    public bool IsSnapshot => BaseVersion == Snapshot;

    /// <summary>Whether this is one of several parts of a snapshot.</summary>
    public bool IsPart => PartsBefore > 0 || HasMoreParts;
}

/// <summary>What one node says to one of several owners.</summary>
/// <param name="Shard">The owner's shard.</param>
/// <param name="Delta">What it is told.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.shard-delta")]
public readonly record struct ShardDelta([property: Id(0)] int Shard, [property: Id(1)] MembershipDelta Delta);

/// <summary>One socket joined or left one room.</summary>
/// <param name="Room">The room.</param>
/// <param name="SocketId">The socket.</param>
/// <param name="Joined">Whether it joined rather than left.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.membership-change")]
public readonly record struct MembershipChange(
    [property: Id(0)] string Room, [property: Id(1)] string SocketId, [property: Id(2)] bool Joined)
{
    /// <summary>About what it takes in a message.</summary>
    internal int Size => Room.Length + SocketId.Length + CallSize.PerName;
}

/// <summary>What became of a delta.</summary>
[GenerateSerializer]
[Alias("rooms.membership-outcome")]
public enum MembershipOutcome
{
    /// <summary>The owner is at the delta's version, or was already beyond it.</summary>
    Applied = 0,

    /// <summary>The owner is not at the delta's base: it needs a snapshot.</summary>
    SnapshotNeeded = 1,

    /// <summary>The node's run is departed or superseded: it has to register again.</summary>
    Fenced = 2,
}

/// <summary>What an owner answers to a delta.</summary>
/// <param name="Outcome">What became of the delta.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.membership-reply")]
public sealed record MembershipReply([property: Id(0)] MembershipOutcome Outcome)
{
    /// <summary>The rooms in which the delta made routes wrong that others may keep.</summary>
    [Id(1)]
    public ImmutableArray<string> Rooms { get; init; } = [];

    /// <summary>The nodes that may keep routes of <see cref="Rooms"/>.</summary>
    [Id(2)]
    public ImmutableArray<NodeIdentity> Holders { get; init; } = [];

    /// <summary>
    /// Not 0 when the owner does not know who may keep routes that a former activation gave out: all that was given out before this
    /// generation has to be dropped everywhere. <see cref="long.MaxValue"/> when it does not know the generation either.
    /// </summary>
    [Id(3)]
    public long Generation { get; init; }

    /// <summary>After this time nobody keeps any of these routes, whether he was asked to drop them or not.</summary>
    [Id(4)]
    public TimeSpan Lease { get; init; }

    /// <summary>
    /// A number of the silo in which the owner lives: those with the same number can be told in one call
    /// (<see cref="IRoomShardGrain.ApplyManyAsync"/>). 0 when that is not known.
    /// </summary>
    [Id(5)]
    public int Silo { get; init; }

    /// <summary>
    /// A number that no other activation of the owner has. 0 when nobody keeps a route of <see cref="Rooms"/>, or the owner does not say.
    /// </summary>
    [Id(6)]
    public long Owner { get; init; }

    /// <summary>
    /// The number of the last lease that the owner has given of any of <see cref="Rooms"/>; they count up. Who has had all
    /// <see cref="Holders"/> drop a room's routes need not ask them again while it has not risen.
    /// </summary>
    [Id(7)]
    public long LastLease { get; init; }
}
