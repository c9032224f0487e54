namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Calls a handler for one event and answers the event with what it returns.</summary>
/// <param name="target">The delegate, or the instance of the class; nothing for a static method.</param>
/// <param name="received">The event.</param>
/// <param name="services">Where services come from, if the handler takes any.</param>
internal delegate ValueTask HandlerCall(object? target, IncomingEvent received, IServiceProvider? services);
