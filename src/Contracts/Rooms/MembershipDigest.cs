namespace OrleansRooms.Contracts.Rooms;

/// <summary>
/// Tells two sets of memberships apart without naming their members: how many there are, and a hash that does not depend on their order.
/// Sets that differ have the same digest by chance only, about once in 10^19.
/// </summary>
/// <param name="Count">The number of memberships.</param>
/// <param name="Hash">The hashes of all memberships, combined by exclusive or.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.membership-digest")]
public readonly record struct MembershipDigest([property: Id(0)] int Count, [property: Id(1)] ulong Hash)
{
    /// <summary>The digest of the set with one more membership, which must not be in it.</summary>
    public MembershipDigest With(string room, string socketId) => new(Count + 1, Hash ^ HashOf(room, socketId));

    /// <summary>The digest of the set with one membership less, which must be in it.</summary>
    public MembershipDigest Without(string room, string socketId) => new(Count - 1, Hash ^ HashOf(room, socketId));

    private static ulong HashOf(string room, string socketId) => NameHash.Of(socketId, seed: unchecked((long)NameHash.Of(room)));
}
