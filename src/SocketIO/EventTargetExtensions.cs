namespace OrleansRooms.SocketIO;

/// <summary>
/// Emits with up to eight arguments; for more, or for arguments that are already in an array, use <see cref="IEventTarget.EmitCoreAsync"/>.
/// </summary>
/// <remarks>
/// An array or a list given as an argument is one argument. The token is never an argument.
/// </remarks>
public static class EventTargetExtensions
{
    /// <summary>Emits an event.</summary>
    /// <returns>
    /// Completes when the outbound queue has accepted the event. It takes its place in that queue before the method returns, so two emits
    /// without an await between them keep their order.
    /// </returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>connect</c>.</exception>
    /// <example><code>await socket.EmitAsync("greeting", "hello", new { from = "server" }, new byte[] { 1, 2, 3 });</code></example>
    public static ValueTask EmitAsync(this IEventTarget target, string eventName, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="EmitAsync(IEventTarget, string, CancellationToken)"/>
    public static ValueTask EmitAsync(
        this IEventTarget target, string eventName, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        object? arg7, object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync(eventName, [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);

    /// <summary>Emits an event named <c>message</c> (<c>socket.send</c>).</summary>
    public static ValueTask SendAsync(this IEventTarget target, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(this IEventTarget target, object? arg1, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, object? arg4, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3, arg4], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3, arg4, arg5], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3, arg4, arg5, arg6], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6, object? arg7,
        CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3, arg4, arg5, arg6, arg7], cancellationToken);

    /// <inheritdoc cref="SendAsync(IEventTarget, CancellationToken)"/>
    public static ValueTask SendAsync(
        this IEventTarget target, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6, object? arg7,
        object? arg8, CancellationToken cancellationToken = default) =>
        target.EmitCoreAsync("message", [arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8], cancellationToken);
}
