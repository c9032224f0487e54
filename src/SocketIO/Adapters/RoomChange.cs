namespace OrleansRooms.SocketIO.Adapters;

/// <summary>A room came or went, in the whole cluster.</summary>
/// <param name="Room">The room.</param>
/// <param name="Kind">What happened to it.</param>
public readonly record struct RoomChange(string Room, RoomChangeKind Kind);

/// <summary>What happened to a room.</summary>
public enum RoomChangeKind
{
    /// <summary>It has its first member, on whatever server.</summary>
    Created,

    /// <summary>Its last member left, was disconnected, or was on a server that died.</summary>
    Deleted,
}
