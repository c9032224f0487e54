namespace OrleansRooms.SocketIO;

/// <summary>
/// A socket did not join rooms, none of those that were named, because of <see cref="SocketIOOptions.MaxRoomNameBytes"/> or
/// <see cref="SocketIOOptions.MaxRoomsPerSocket"/>.
/// Where others make it join, by <c>SocketsJoinAsync</c> on another server or with other sockets, it is counted and logged instead.
/// </summary>
/// <param name="message">Which limit, and how to raise it.</param>
public sealed class RoomLimitException(string message) : InvalidOperationException(message);
