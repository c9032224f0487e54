using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Lists the rooms of one shard of a namespace: an owner whose members are nodes.</summary>
[GrainType("rooms.room-index")]
[Reentrant]
[CollectionAgeLimit(Minutes = RoomGrain.EmptyMinutes)]
internal sealed class RoomIndexGrain : RoomOwnerGrain, IRoomIndexGrain
{
    private const int MaxLimit = 10_000;

    private readonly RoomIndexKey _key;

    public RoomIndexGrain(IGrainContext context, RoomOwnerServices services)
        : this(context, services, RoomIndexKey.Parse(context.GrainId.Key.ToString()!))
    {
    }

    private RoomIndexGrain(IGrainContext context, RoomOwnerServices services, RoomIndexKey key)
        : base(context, services, key.ClusterKey, key.Namespace) =>
        _key = key;

    public ValueTask<ImmutableArray<string>> ListAsync(string prefix, string? after, int limit, DirectoryVersion knownVersion)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        return ListRoomsAsync(prefix, after, limit, knownVersion);
    }

    public ValueTask<RoomNews?> WatchAsync(RoomLogPosition known, TimeSpan patience) => WatchRoomsAsync(known, patience);

    // No packet is sent by it.
    protected override bool LeasesRoutes => false;

    protected override bool Owns(string room) => RoomIndexKey.Lists(room) && RoomIndexKey.Of(_key.ClusterKey, _key.Namespace, room) == _key;
}
