using System.Runtime.CompilerServices;

namespace OrleansRooms.SocketIO;

/// <summary>Shorter listeners for disconnects.</summary>
public static class DisconnectListenerExtensions
{
    /// <inheritdoc cref="ISocket.OnDisconnect"/>
    /// <example>
    /// <code>socket.OnDisconnect(reason => Console.WriteLine($"{socket.Id} left: {reason.ToProtocolString()}"));</code>
    /// </example>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnDisconnect(this ISocket socket, Func<DisconnectReason, Task> listener) =>
        socket.OnDisconnect((reason, _) => listener(reason));

    /// <inheritdoc cref="OnDisconnect(ISocket, Func{DisconnectReason, Task})"/>
    public static IDisposable OnDisconnect(this ISocket socket, Func<DisconnectReason, ValueTask> listener) =>
        socket.OnDisconnect((reason, _) => listener(reason).AsTask());

    /// <inheritdoc cref="OnDisconnect(ISocket, Func{DisconnectReason, Task})"/>
    public static IDisposable OnDisconnect(this ISocket socket, Action<DisconnectReason> listener) =>
        socket.OnDisconnect(Completing(listener));

    /// <inheritdoc cref="ISocket.OnDisconnecting"/>
    /// <example>
    /// <code>
    /// socket.OnDisconnecting(async reason =>
    /// {
    ///     foreach (var room in socket.Rooms)
    ///     {
    ///         await socket.To(room).EmitAsync("left", socket.Id);
    ///     }
    /// });
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnDisconnecting(this ISocket socket, Func<DisconnectReason, Task> listener) =>
        socket.OnDisconnecting((reason, _) => listener(reason));

    /// <inheritdoc cref="OnDisconnecting(ISocket, Func{DisconnectReason, Task})"/>
    public static IDisposable OnDisconnecting(this ISocket socket, Func<DisconnectReason, ValueTask> listener) =>
        socket.OnDisconnecting((reason, _) => listener(reason).AsTask());

    /// <inheritdoc cref="OnDisconnecting(ISocket, Func{DisconnectReason, Task})"/>
    public static IDisposable OnDisconnecting(this ISocket socket, Action<DisconnectReason> listener) =>
        socket.OnDisconnecting(Completing(listener));

    private static Func<DisconnectReason, string?, Task> Completing(Action<DisconnectReason> listener) => (reason, _) =>
    {
        listener(reason);
        return Task.CompletedTask;
    };
}
