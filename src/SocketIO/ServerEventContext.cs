using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO;

/// <summary>An event that another server of the cluster sent with <c>ServerSideEmitAsync</c>.</summary>
public sealed class ServerEventContext : IncomingEvent
{
    private readonly Action<Packet>? _respond;

    internal ServerEventContext(INamespace ns, Packet packet, PacketSerializer serializer, Action<Packet>? respond)
        : base(packet, respond is null ? null : packet.AckId ?? 0, serializer)
    {
        Namespace = ns;
        _respond = respond;
    }

    /// <summary>The namespace in which it was sent.</summary>
    public INamespace Namespace { get; }

    private protected override void SendAck(Packet ack) => _respond?.Invoke(ack);
}
