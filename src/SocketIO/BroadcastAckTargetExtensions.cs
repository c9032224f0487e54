namespace OrleansRooms.SocketIO;

/// <summary>Asks several sockets with up to eight arguments.</summary>
public static class BroadcastAckTargetExtensions
{
    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    /// <example>
    /// <code>
    /// await foreach (var vote in io.To("room1").Timeout(TimeSpan.FromSeconds(10)).EmitWithAckStreamAsync&lt;int&gt;("vote"))
    /// {
    ///     Console.WriteLine(vote);
    /// }
    /// </code>
    /// </example>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="IBroadcastAckTarget.EmitWithAckStreamCoreAsync{T}"/>
    public static IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        this IBroadcastAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6, object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitWithAckStreamCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);
}
