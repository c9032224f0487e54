namespace OrleansRooms.SocketIO.Handlers;

/// <summary>A client sent an event that <c>[Authorize]</c> keeps from it; the error listeners of the socket see it.</summary>
internal sealed class EventUnauthorizedException(string eventName, string socketId)
    : UnauthorizedAccessException($"The user of socket {socketId} may not send \"{eventName}\".");
