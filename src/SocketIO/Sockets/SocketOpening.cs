using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>The turn of the connection listeners, before that of any event.</summary>
/// <param name="socket">The socket that has just opened.</param>
internal sealed class SocketOpening(Socket socket) : IHandlerWork
{
    public bool IsSequential => true;

    public bool IsEvent => false;

    public IHandlerWork? Next { get; set; }

    public Task Start() => socket.RunConnectionListenersAsync();
}
