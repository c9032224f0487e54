namespace OrleansRooms.Emitter;

/// <summary>Emits to the servers of the cluster with up to eight arguments.</summary>
/// <remarks>An array or a list given as an argument is one argument. The token is never an argument.</remarks>
public static class ServerSideEmitExtensions
{
    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    /// <example><code>await emitter.ServerSideEmitAsync("reload", "prices");</code></example>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="ISocketIOEmitter.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);

    /// <summary>
    /// Emits an event to the handlers of every server that has the namespace, and collects one answer from each, for at most
    /// <see cref="SocketIOEmitterOptions.RequestTimeout"/>.
    /// </summary>
    /// <returns>One answer per server; empty at once when there is none.</returns>
    /// <exception cref="ServerAckException{T}">Some server did not answer in time.</exception>
    /// <exception cref="EmitterUnavailableException">The cluster did not say in time which servers there are.</exception>
    /// <example><code>IReadOnlyList&lt;long&gt; uptimes = await emitter.ServerSideEmitWithAckAsync&lt;long&gt;("uptime");</code></example>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(ISocketIOEmitter, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this ISocketIOEmitter target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], null, cancellationToken);
}
