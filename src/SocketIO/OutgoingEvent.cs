using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO;

/// <summary>An event that went out to a socket, as its outgoing catch-all listeners see it.</summary>
public sealed class OutgoingEvent : EventArguments, IHandlerWork
{
    private readonly Socket _socket;

    internal OutgoingEvent(Socket socket, Packet packet, PacketSerializer serializer)
        : base(packet, serializer) => _socket = socket;

    /// <summary>The socket to which it went.</summary>
    public ISocket Socket => _socket;

    bool IHandlerWork.IsSequential => false;

    bool IHandlerWork.IsEvent => false;

    IHandlerWork? IHandlerWork.Next { get; set; }

    int IHandlerWork.Size => Size;

    Task IHandlerWork.Start()
    {
        _socket.NotifyOutgoing(this);
        return Task.CompletedTask;
    }
}
