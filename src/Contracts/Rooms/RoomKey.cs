namespace OrleansRooms.Contracts.Rooms;

/// <summary>Names one room of one namespace in one cluster key.</summary>
/// <param name="ClusterKey">Keeps applications apart that share one Orleans cluster.</param>
/// <param name="Namespace">The namespace with its leading slash.</param>
/// <param name="Room">The room; any string.</param>
public readonly record struct RoomKey(string ClusterKey, string Namespace, string Room)
{
    /// <summary>The grain key; different for different rooms whatever characters their names hold.</summary>
    public string ToGrainKey() => GrainKey.Join(ClusterKey, Namespace, Room);

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="ToGrainKey"/>.</exception>
    public static RoomKey Parse(string grainKey)
    {
        var parts = GrainKey.Split(grainKey, 3);
        return new RoomKey(parts[0], parts[1], parts[2]);
    }
}
