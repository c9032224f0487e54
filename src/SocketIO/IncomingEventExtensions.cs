namespace OrleansRooms.SocketIO;

/// <summary>Answers an event with up to eight arguments; for more use <see cref="IncomingEvent.AckCoreAsync"/>.</summary>
public static class IncomingEventExtensions
{
    /// <summary>Answers the event. Only the first answer is sent, and none if the sender did not ask for one.</summary>
    /// <example><code>await context.AckAsync("ok", 200);</code></example>
    public static ValueTask AckAsync(this IncomingEvent received) => received.AckCoreAsync([]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(this IncomingEvent received, object? arg1) => received.AckCoreAsync([arg1]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(this IncomingEvent received, object? arg1, object? arg2) => received.AckCoreAsync([arg1, arg2]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(this IncomingEvent received, object? arg1, object? arg2, object? arg3) =>
        received.AckCoreAsync([arg1, arg2, arg3]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(this IncomingEvent received, object? arg1, object? arg2, object? arg3, object? arg4) =>
        received.AckCoreAsync([arg1, arg2, arg3, arg4]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(this IncomingEvent received, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5) =>
        received.AckCoreAsync([arg1, arg2, arg3, arg4, arg5]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(
        this IncomingEvent received, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6) =>
        received.AckCoreAsync([arg1, arg2, arg3, arg4, arg5, arg6]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(
        this IncomingEvent received, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6, object? arg7) =>
        received.AckCoreAsync([arg1, arg2, arg3, arg4, arg5, arg6, arg7]);

    /// <inheritdoc cref="AckAsync(IncomingEvent)"/>
    public static ValueTask AckAsync(
        this IncomingEvent received, object? arg1, object? arg2, object? arg3, object? arg4, object? arg5, object? arg6, object? arg7,
        object? arg8) =>
        received.AckCoreAsync([arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8]);
}
