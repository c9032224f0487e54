namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>
/// Who is where. Client c is on node c modulo the number of nodes, so that the members of a room are spread over the nodes.
/// </summary>
/// <param name="Clients">How many clients there are.</param>
/// <param name="Rooms">How many rooms.</param>
/// <param name="Members">How many members each room has: room k begins with client k times that number.</param>
/// <param name="Publishers">How many of the clients, the first ones, publish.</param>
internal record AudienceShape(int Clients, int Rooms, int Members, int Publishers)
{
    /// <summary>One room with everybody in it.</summary>
    public static AudienceShape OneRoom { get; } = new(Clients: 60, Rooms: 1, Members: 60, Publishers: 1);

    /// <summary>Many rooms of two, whose members are on different nodes.</summary>
    public static AudienceShape SmallRooms { get; } = new(Clients: 240, Rooms: 240, Members: 2, Publishers: 24);

    /// <summary>The clients that are in a room.</summary>
    public virtual IEnumerable<int> MembersOf(int room) =>
        Enumerable.Range(0, Members).Select(i => (int)((((long)room * Members) + i) % Clients));

    /// <summary>The rooms that a client is in.</summary>
    public IEnumerable<int> RoomsOf(int client) => Enumerable.Range(0, Rooms).Where(room => MembersOf(room).Contains(client));

    /// <summary>The room to which a publisher sends next.</summary>
    public virtual int NextRoom(int publisher, Random random) => random.Next(Rooms);
}

/// <summary>
/// Rooms of two whose members are both on one node, so that each message takes the same way: room k is on node k modulo the number of
/// nodes, and publishers send to rooms on nodes so many further round.
/// </summary>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="Nearest">How many nodes further the nearest rooms are; 0 is the publisher's own node.</param>
/// <param name="Farthest">And the farthest.</param>
internal sealed record NeighbourShape(int Nodes, int Nearest, int Farthest)
    : AudienceShape(SmallRooms)
{
    public override IEnumerable<int> MembersOf(int room) => [room % Clients, (room + Nodes) % Clients];

    public override int NextRoom(int publisher, Random random)
    {
        var node = (publisher + random.Next(Nearest, Farthest + 1)) % Nodes;
        return node + (Nodes * random.Next(Rooms / Nodes));
    }
}
