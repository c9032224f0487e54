using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO;

/// <summary>An event that a client sent, as a handler sees it that wants more than typed arguments.</summary>
/// <example>
/// <code>
/// socket.On("move", async (EventContext c) =>
/// {
///     var (x, y) = (c.Get&lt;int&gt;(0), c.Get&lt;int&gt;(1));
///     if (c.ExpectsAck)
///     {
///         await c.AckAsync("ok", x + y);
///     }
/// });
/// </code>
/// </example>
public sealed class EventContext : IncomingEvent, IHandlerWork
{
    private readonly Socket _socket;

    internal EventContext(Socket socket, Packet packet, PacketSerializer serializer)
        : base(packet, packet.AckId, serializer) => _socket = socket;

    /// <summary>The socket that received it.</summary>
    public ISocket Socket => _socket;

    /// <summary>Cancelled when the socket disconnects.</summary>
    public CancellationToken Aborted => _socket.Disconnected;

    bool IHandlerWork.IsSequential => true;

    bool IHandlerWork.IsEvent => true;

    IHandlerWork? IHandlerWork.Next { get; set; }

    int IHandlerWork.Size => Size;

    Task IHandlerWork.Start() => _socket.HandleAsync(this);

    /// <summary>Takes what a middleware has made of the event.</summary>
    internal void Apply(IncomingPacket packet)
    {
        if (packet.Changed(Packet) is { } changed)
        {
            Replace(changed);
        }
    }

    private protected override void SendAck(Packet ack) => _socket.SendAck(ack);
}
