using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>How the next event goes to one socket of this server.</summary>
internal sealed class SocketOperator(Socket socket, SendFlags flags, TimeSpan? timeout) : ISocketOperator
{
    public ISocketOperator Volatile => new SocketOperator(socket, flags | SendFlags.Volatile, timeout);

    public ISocketOperator Compress(bool compress) =>
        new SocketOperator(socket, compress ? flags & ~SendFlags.NoCompress : flags | SendFlags.NoCompress, timeout);

    public ISocketOperator Timeout(TimeSpan timeout) => new SocketOperator(socket, flags, timeout);

    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        socket.EmitAsync(eventName, args, flags, cancellationToken);

    public Task<AckResult> EmitWithAckCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        socket.EmitWithAckAsync(eventName, args, flags, timeout, cancellationToken);
}
