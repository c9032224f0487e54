using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Namespaces;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>A socket of another server: what it was when it was fetched, and commands that go to it through its private room.</summary>
internal sealed class RemoteSocket : IRemoteSocket
{
    private readonly Namespace _namespace;
    private readonly BroadcastOptions _self;

    public RemoteSocket(Namespace ns, SocketDescription description)
    {
        _namespace = ns;
        _self = BroadcastOptions.All.To(description.Id);
        Id = description.Id;
        Handshake = HandshakeJson.Read(description.Handshake, ns.Server.Serializer);
        Rooms = description.Rooms;
        Data = SocketDataJson.Read(description, ns.Server.Serializer);
    }

    private RemoteSocket(RemoteSocket other, BroadcastOptions self)
    {
        _namespace = other._namespace;
        _self = self;
        Id = other.Id;
        Handshake = other.Handshake;
        Rooms = other.Rooms;
        Data = other.Data;
    }

    public string Id { get; }

    public Handshake Handshake { get; }

    public IReadOnlyCollection<string> Rooms { get; }

    public SocketData Data { get; }

    public ISocketOperator Volatile => With(_self.With(BroadcastFlags.Volatile));

    public ISocketOperator Compress(bool compress) => With(compress
        ? _self with { Flags = _self.Flags & ~BroadcastFlags.NoCompress }
        : _self.With(BroadcastFlags.NoCompress));

    public ISocketOperator Timeout(TimeSpan timeout) => With(_self with { Timeout = timeout });

    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        _namespace.EmitAsync(eventName, args, _self, cancellationToken);

    public Task<AckResult> EmitWithAckCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        _namespace.EmitWithOneAckAsync(Id, eventName, args, _self, cancellationToken);

    public ValueTask JoinAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return JoinAsync([room], cancellationToken);
    }

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => JoinAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask JoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        _namespace.SocketsJoinAsync(_self, rooms, cancellationToken);

    public ValueTask LeaveAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _namespace.SocketsLeaveAsync(_self, [room], cancellationToken);
    }

    public ValueTask DisconnectAsync(bool close = false) => _namespace.DisconnectSocketsAsync(_self, close, CancellationToken.None);

    private RemoteSocket With(BroadcastOptions self) => new(this, self);
}
