namespace OrleansRooms.Emitter;

/// <summary>
/// Emits with up to eight arguments; for more, or for arguments that are already in an array, there are the methods named
/// <c>...Core...</c>.
/// </summary>
/// <remarks>An array or a list given as an argument is one argument. The token is never an argument.</remarks>
public static class EmitterTargetExtensions
{
    /// <summary>Emits an event.</summary>
    /// <returns>
    /// Is complete when the method returns: the event has taken its place behind everything emitted before in the namespace.
    /// </returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>connect</c>.</exception>
    /// <example><code>await emitter.To("room1").EmitAsync("greeting", "hello", new { from = "worker" }, new byte[] { 1, 2, 3
    /// });</code></example>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEmitterTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEmitterTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    /// <example>
    /// <code>IReadOnlyList&lt;int&gt; votes = await
    /// emitter.To("room1").Timeout(TimeSpan.FromSeconds(10)).EmitWithAckAsync&lt;int&gt;("vote");</code>
    /// </example>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="ITimedEmitterOperator.EmitWithAckCoreAsync{T}"/>
    public static Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        this ITimedEmitterOperator target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync<T>(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);
}
