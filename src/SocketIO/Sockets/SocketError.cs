using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>The turn of the error listeners for something that no handler caused.</summary>
internal sealed class SocketError(Socket socket, Exception exception) : IHandlerWork
{
    public bool IsSequential => false;

    public bool IsEvent => false;

    public IHandlerWork? Next { get; set; }

    public Task Start()
    {
        socket.Report(exception);
        return Task.CompletedTask;
    }
}
