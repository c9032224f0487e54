using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>
/// Owns the membership of those rooms of a namespace that fall into one shard. Its grain key is <see cref="RoomShardKey.ToGrainKey"/>.
/// </summary>
/// <remarks>
/// Membership is soft state that the nodes can rebuild. Each node describes its own members in deltas that follow one
/// another; an owner that has lost the thread asks for a snapshot instead of guessing. An owner that was activated while nodes may still
/// have to tell it what a former activation knew is incomplete, and says so: see <see cref="INodeDirectoryGrain"/>.
/// </remarks>
[Alias("rooms.IRoomShardGrain")]
public interface IRoomShardGrain : IGrainWithStringKey
{
    /// <summary>Applies what one node says of its members. Idempotent.</summary>
    /// <returns>
    /// What became of it, and who may still send by routes that it made wrong: a node that is new in a room sees to it that those are
    /// dropped before it calls the join complete.
    /// </returns>
    /// <exception cref="ArgumentException">The delta is malformed, or names a room of another owner; nothing was applied.</exception>
    [Alias("Apply")]
    ValueTask<MembershipReply> ApplyAsync(MembershipDelta delta);

    /// <summary>
    /// Applies what one node says to this owner and to others of the namespace that live in the same silo
    /// (<see cref="MembershipReply.Silo"/>), in one call. Never waits for long.
    /// </summary>
    /// <param name="deltas">At most one for each shard.</param>
    /// <returns>
    /// What became of each, in their order; <see langword="null"/> for those whose owner has to be asked itself, with the same delta: it
    /// does not live here, is complete only later, or refuses the delta. It may have been applied all the same.
    /// </returns>
    /// <exception cref="ArgumentException">A shard that there is not, or twice; nothing was applied.</exception>
    [Alias("ApplyMany")]
    ValueTask<ImmutableArray<MembershipReply?>> ApplyManyAsync(ImmutableArray<ShardDelta> deltas);

    /// <summary>The nodes with members, for each of the given rooms. Never waits for long: rather the answer is incomplete.</summary>
    [Alias("GetNodes")]
    ValueTask<RoomRoutes> GetNodesAsync(ImmutableArray<string> rooms);

    /// <summary>The same, for a node that keeps the answer for a while if the owner lets it: see <see cref="RoomRoutes.Leases"/>.</summary>
    /// <param name="rooms">The rooms.</param>
    /// <param name="holder">
    /// The run that asks. It has to drop what it keeps when another node asks for it (<see cref="Streams.EnvelopeKind.DropRoutes"/>), when
    /// it hears of a new generation, and when it cannot be certain any more that the node directory takes it for alive.
    /// </param>
    [Alias("LeaseNodes")]
    ValueTask<RoomRoutes> LeaseNodesAsync(ImmutableArray<string> rooms, NodeIdentity holder);

    /// <summary>The number of sockets in a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="knownVersion">The owner first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the owner stayed incomplete.</exception>
    [Alias("GetSize")]
    ValueTask<int> GetSizeAsync(string room, DirectoryVersion knownVersion);

    /// <summary>The sockets in a room with the node that holds them, in no particular order.</summary>
    /// <param name="room">The room.</param>
    /// <param name="knownVersion">The owner first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the owner stayed incomplete.</exception>
    [Alias("GetMembers")]
    ValueTask<ImmutableArray<RoomMember>> GetMembersAsync(string room, DirectoryVersion knownVersion);

    /// <summary>Whether a socket is in a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="socketId">The socket.</param>
    /// <param name="knownVersion">The owner first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the owner stayed incomplete.</exception>
    [Alias("Contains")]
    ValueTask<bool> ContainsAsync(string room, string socketId, DirectoryVersion knownVersion);

    /// <summary>The rooms of this shard that have members, private ones left out, in ordinal order; fewer than wanted where they are more
    /// than one message carries.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="after">Only rooms behind this one, which need not exist; <see langword="null"/> from the first.</param>
    /// <param name="limit">How many at most; from 1 to 10,000.</param>
    /// <param name="knownVersion">The owner first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the owner stayed incomplete.</exception>
    [Alias("List")]
    ValueTask<RoomPage> ListAsync(string prefix, string? after, int limit, DirectoryVersion knownVersion);

    /// <summary>Waits until rooms of this shard came or went, private ones left out.</summary>
    /// <param name="known">Up to where the caller knows them; nothing, at first.</param>
    /// <param name="patience">How long to wait; at most 10 seconds.</param>
    /// <returns>
    /// What happened since; all rooms if that is not kept any more, or was seen by another activation; <see langword="null"/> when nothing
    /// happened.
    /// </returns>
    /// <exception cref="TimeoutException">The owner stayed incomplete.</exception>
    [AlwaysInterleave]
    [Alias("Watch")]
    ValueTask<RoomNews?> WatchAsync(RoomLogPosition known, TimeSpan patience);
}

/// <summary>Where rooms of one owner have members.</summary>
/// <param name="Nodes">The nodes with members, by room, in the order of the question.</param>
/// <param name="IsComplete">
/// Whether these are all. If not, some node has yet to tell this owner again what a former activation knew, and what is sent to the rooms
/// has to go to every node.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-routes")]
public sealed record RoomRoutes(
    [property: Id(0)] ImmutableArray<ImmutableArray<NodeIdentity>> Nodes, [property: Id(1)] bool IsComplete)
{
    /// <summary>
    /// How long the answer for each room may be kept from the moment of asking; zero for those that may not. Empty when none may.
    /// </summary>
    [Id(2)]
    public ImmutableArray<TimeSpan> Leases { get; init; } = [];
}

/// <summary>One member of a room.</summary>
/// <param name="SocketId">The socket.</param>
/// <param name="Node">The node that holds it.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.room-member")]
public readonly record struct RoomMember([property: Id(0)] string SocketId, [property: Id(1)] NodeIdentity Node);
