namespace OrleansRooms.SocketIO;

/// <summary>Emits to the other servers of the cluster with up to eight arguments.</summary>
public static class ServerSideEmitExtensions
{
    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    /// <example><code>await io.ServerSideEmitAsync("reload", "prices");</code></example>
    public static ValueTask ServerSideEmitAsync(this INamespace ns, string eventName, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="INamespace.ServerSideEmitCoreAsync"/>
    public static ValueTask ServerSideEmitAsync(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);

    /// <summary>
    /// Emits an event to the other servers of the cluster and collects one answer from each, for at most the adapter's default time.
    /// </summary>
    /// <returns>One answer per other server; empty at once when there is none.</returns>
    /// <exception cref="ServerSideEmitException{T}">Some server did not answer in time.</exception>
    /// <example><code>IReadOnlyList&lt;long&gt; uptimes = await io.ServerSideEmitWithAckAsync&lt;long&gt;("uptime");</code></example>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], null, cancellationToken);

    /// <inheritdoc cref="ServerSideEmitWithAckAsync{T}(INamespace, string, CancellationToken)"/>
    public static Task<IReadOnlyList<T>> ServerSideEmitWithAckAsync<T>(
        this INamespace ns, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        ns.ServerSideEmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], null, cancellationToken);
}
