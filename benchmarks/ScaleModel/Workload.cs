namespace OrleansRooms.ScaleModel;

/// <summary>What the users of a cluster do.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Members">How many sockets are in each room; 0 for private rooms, which hold one socket each.</param>
/// <param name="Neighbours">On how many nodes the members of a room are spread; 0 for any.</param>
internal sealed record Workload(string Name, int Members, int Neighbours = 0)
{
    public const int SocketsPerNode = 100;

    public static readonly Workload[] All =
    [
        new("private rooms", Members: 0),
        new("rooms of 2", Members: 2),
        new("rooms of 20", Members: 20),
        new("rooms of 20, sticky to 3 nodes", Members: 20, Neighbours: 3),
        new("rooms of 1,000", Members: 1000),
    ];
}
