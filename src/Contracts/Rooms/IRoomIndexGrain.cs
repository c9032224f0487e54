using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>
/// One shard of the list of a namespace's rooms. Nodes tell it in which rooms they have sockets, by the same deltas as the owners of rooms, with
/// <see cref="RoomIndexKey.Marker"/> for all sockets of a node; so it is rebuilt like them. Its grain key is
/// <see cref="RoomIndexKey.ToGrainKey"/>.
/// </summary>
[Alias("rooms.IRoomIndexGrain")]
public interface IRoomIndexGrain : IRoomOwner
{
    /// <summary>The rooms of this shard in ordinal order.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="after">Only rooms behind this one, which need not exist; <see langword="null"/> from the first.</param>
    /// <param name="limit">How many at most; from 1 to 10,000.</param>
    /// <param name="knownVersion">The grain first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the grain stayed incomplete.</exception>
    [Alias("List")]
    ValueTask<ImmutableArray<string>> ListAsync(string prefix, string? after, int limit, DirectoryVersion knownVersion);

    /// <summary>Waits until rooms of this shard came or went.</summary>
    /// <param name="known">Up to where the caller knows them; nothing, at first.</param>
    /// <param name="patience">How long to wait; at most 10 seconds.</param>
    /// <returns>
    /// What happened since; all rooms if that is not kept any more, or was seen by another activation; <see langword="null"/> when nothing happened.
    /// </returns>
    /// <exception cref="TimeoutException">The grain stayed incomplete.</exception>
    [AlwaysInterleave]
    [Alias("Watch")]
    ValueTask<RoomNews?> WatchAsync(RoomLogPosition known, TimeSpan patience);
}
