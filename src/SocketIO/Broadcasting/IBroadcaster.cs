using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>What carries out the wishes that a broadcast operator has collected: a namespace, or all children of a parent.</summary>
internal interface IBroadcaster
{
    /// <inheritdoc cref="IEventTarget.EmitCoreAsync"/>
    ValueTask EmitAsync(string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastOperator.FetchSocketsAsync"/>
    Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastOperator.SocketsJoinAsync(IReadOnlyCollection{string}, CancellationToken)"/>
    ValueTask SocketsJoinAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastOperator.SocketsLeaveAsync(IReadOnlyCollection{string}, CancellationToken)"/>
    ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken);

    /// <inheritdoc cref="IBroadcastOperator.DisconnectSocketsAsync"/>
    ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken);
}
