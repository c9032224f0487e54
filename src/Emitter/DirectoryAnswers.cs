namespace OrleansRooms.Emitter;

/// <summary>One member of a room.</summary>
/// <param name="SocketId">The socket.</param>
/// <param name="Node">The id of the server that holds it.</param>
public readonly record struct EmitterRoomMember(string SocketId, string Node);

/// <summary>A room that came or went, in the whole cluster.</summary>
/// <param name="Room">The room.</param>
/// <param name="IsCreated">Whether it has its first member, rather than lost its last.</param>
public readonly record struct EmitterRoomChange(string Room, bool IsCreated);

/// <summary>One server of a namespace.</summary>
/// <param name="Node">The server's id.</param>
/// <param name="Sockets">How many sockets it holds in the namespace.</param>
public readonly record struct EmitterServer(string Node, int Sockets);
