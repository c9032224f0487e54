using System.Diagnostics.CodeAnalysis;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>What an adapter may ask of the namespace it serves.</summary>
public interface IAdapterNamespace
{
    /// <summary>The name, with its leading slash.</summary>
    string Name { get; }

    /// <summary>The rooms of this server's own sockets: what other servers send goes to them.</summary>
    LocalRooms Rooms { get; }

    /// <summary>How many rooms a socket may be in; <see cref="Rooms"/> refuse more.</summary>
    int MaxRoomsPerSocket => int.MaxValue;

    /// <summary>The server's parser.</summary>
    IPacketParser Parser { get; }

    /// <summary>Finds a connected socket of this node. Sockets that are still in middlewares are not found.</summary>
    bool TryGetSocket(string socketId, [MaybeNullWhen(false)] out IAdapterSocket socket);

    /// <summary>The ack id for the next event of this namespace on this node that asks for answers; starts at 0.</summary>
    long NextAckId();

    /// <summary>Runs the handlers for a server-side event that came from another node.</summary>
    /// <param name="packet">The event.</param>
    /// <param name="respond">Takes the answer, as an ack packet, the first time it is called; <see langword="null"/> when none is
    /// wanted.</param>
    void OnServerSideEmit(Packet packet, Action<Packet>? respond);
}

/// <summary>What an adapter may ask of a connected socket of this node.</summary>
public interface IAdapterSocket
{
    /// <summary>The socket's id.</summary>
    string Id { get; }

    /// <summary>
    /// Queues an event that is already encoded; outgoing catch-all listeners of the socket see <paramref name="packet"/>.
    /// </summary>
    void Send(Packet packet, EngineIOFrame[] frames, SendFlags flags);

    /// <summary>Remembers who takes the ack with the given id, until it comes, is forgotten or the socket disconnects.</summary>
    /// <param name="ackId">The id under which the event was sent.</param>
    /// <param name="onAck">Takes the ack packet, or <see langword="null"/> once when the socket disconnects first.</param>
    void ExpectAck(long ackId, Action<Packet?> onAck);

    /// <summary>Forgets an expected ack; a late answer is ignored.</summary>
    void ForgetAck(long ackId);

    /// <summary>Joins rooms like the socket's own <c>JoinAsync</c>.</summary>
    ValueTask JoinAsync(IReadOnlyCollection<string> rooms);

    /// <summary>Leaves a room like the socket's own <c>LeaveAsync</c>.</summary>
    ValueTask LeaveAsync(string room);

    /// <summary>Disconnects like the socket's own <c>DisconnectAsync</c>.</summary>
    void Disconnect(bool close);

    /// <summary>Describes the socket for other nodes.</summary>
    SocketDescription Describe();
}
