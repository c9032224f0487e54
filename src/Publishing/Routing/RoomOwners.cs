using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Publishing.Routing;

/// <summary>Makes references to the owners of rooms. Thread-safe.</summary>
/// <remarks>
/// Orleans looks at the interface's attributes for each reference that it makes by interface and key, which costs more than the reference: what it finds is kept
/// here.
/// </remarks>
internal sealed class RoomOwners(IGrainFactory grains, string clusterKey)
{
    // What all our grain types begin with. A silo that is not known to have them yet gives a placeholder, which must not be kept.
    private const string GrainTypePrefix = "rooms.";

    private Kind? _rooms;
    private Kind? _shards;
    private Kind? _indexes;

    /// <summary>A reference to an owner in a namespace.</summary>
    public IRoomOwner Find(string ns, OwnerKey owner) =>
        owner.IsIndex ? Find<IRoomIndexGrain>(ref _indexes, new RoomIndexKey(clusterKey, ns, owner.Shard).ToGrainKey())
        : owner.Room is null ? Find<ISocketShardGrain>(ref _shards, new SocketShardKey(clusterKey, ns, owner.Shard).ToGrainKey())
        : Find<IRoomGrain>(ref _rooms, new RoomKey(clusterKey, ns, owner.Room).ToGrainKey());

    private IRoomOwner Find<TOwner>(ref Kind? kept, string key)
        where TOwner : IRoomOwner
    {
        if (Volatile.Read(ref kept) is { } kind)
        {
            return (IRoomOwner)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);
        }

        var found = grains.GetGrain<TOwner>(key);
        if (found.GetGrainId().Type is var type && type.ToString()!.StartsWith(GrainTypePrefix, StringComparison.Ordinal) && found is GrainReference reference)
        {
            Volatile.Write(ref kept, new Kind(type, reference.InterfaceType));
        }

        return found;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
