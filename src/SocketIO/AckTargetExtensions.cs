namespace OrleansRooms.SocketIO;

/// <summary>Asks one socket with up to eight arguments.</summary>
public static class AckTargetExtensions
{
    /// <summary>Emits an event and waits for the client's answer.</summary>
    /// <returns>The first argument of the answer; the default of <typeparamref name="T"/> when it has none.</returns>
    /// <exception cref="SocketIOTimeoutException">No answer came within the time given to <c>Timeout</c>.</exception>
    /// <exception cref="SocketDisconnectedException">The socket is, or was, disconnected before it answered.</exception>
    /// <exception cref="EventArgumentException">The answer is of another kind.</exception>
    /// <example>
    /// <code>string pong = await socket.Timeout(TimeSpan.FromSeconds(5)).EmitWithAckAsync&lt;string&gt;("ping");</code>
    /// </example>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken)).Get<T>(0)!;

    /// <inheritdoc cref="EmitWithAckAsync{T}(IAckTarget, string, CancellationToken)"/>
    public static async Task<T> EmitWithAckAsync<T>(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        (await target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken)).Get<T>(0)!;

    /// <summary>Emits an event and waits for the client's answer, of any number of arguments.</summary>
    /// <exception cref="SocketIOTimeoutException">No answer came within the time given to <c>Timeout</c>.</exception>
    /// <exception cref="SocketDisconnectedException">The socket is, or was, disconnected before it answered.</exception>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="EmitWithAckAsync(IAckTarget, string, CancellationToken)"/>
    public static Task<AckResult> EmitWithAckAsync(
        this IAckTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitWithAckCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);
}
