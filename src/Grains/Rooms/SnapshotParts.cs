using System.Collections.Immutable;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Gathers a snapshot that a node sends in parts, one after the other. Not thread-safe.</summary>
/// <param name="version">Its version.</param>
internal sealed class SnapshotParts(long version)
{
    private readonly ImmutableArray<MembershipChange>.Builder _changes = ImmutableArray.CreateBuilder<MembershipChange>();
    private int _count;

    public long Version { get; } = version;

    /// <summary>Takes a part; one that has come already is a repetition.</summary>
    /// <returns>Whether it was its turn, or had been.</returns>
    public bool TryTake(MembershipDelta part)
    {
        if (part.PartsBefore == _count)
        {
            _changes.AddRange(part.Changes);
            _count++;
            return true;
        }

        return part.PartsBefore < _count;
    }

    /// <summary>The snapshot whose last part this is.</summary>
    public MembershipDelta Whole(MembershipDelta last) =>
        last with { Changes = _changes.DrainToImmutable(), PartsBefore = 0, HasMoreParts = false };
}
