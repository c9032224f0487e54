using Microsoft.AspNetCore.Authorization;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>A method that handles an event.</summary>
/// <param name="EventName">The event.</param>
/// <param name="Place">The class and the method, for messages.</param>
/// <param name="Call">Calls it with the event's arguments and sends what it returns as the ack.</param>
/// <param name="AuthorizeData">Who may send the event; empty for everybody in the namespace.</param>
internal sealed record HandlerMethod(
    string EventName,
    string Place,
    HandlerCall Call,
    IReadOnlyList<IAuthorizeData> AuthorizeData);
