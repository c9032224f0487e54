using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>
/// <c>socket.once(...)</c> with typed parameters: like <see cref="SocketOnExtensions"/>, for one event.
/// </summary>
public static class SocketOnceExtensions
{
    /// <summary>Registers a handler for the next event of that name only; see <see cref="SocketOnExtensions"/>.</summary>
    /// <returns>Removes the handler when disposed.</returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>disconnect</c>, or the handler returns a tuple or a stream, which JSON does not carry.</exception>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once(this ISocket socket, string eventName, Func<Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once(this ISocket socket, string eventName, Func<ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once(this ISocket socket, string eventName, Action handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<TResult>(this ISocket socket, string eventName, Func<Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<TResult>(this ISocket socket, string eventName, Func<ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<TResult>(this ISocket socket, string eventName, Func<TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1>(this ISocket socket, string eventName, Func<T1, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1>(this ISocket socket, string eventName, Func<T1, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1>(this ISocket socket, string eventName, Action<T1> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, TResult>(this ISocket socket, string eventName, Func<T1, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, TResult>(this ISocket socket, string eventName, Func<T1, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, TResult>(this ISocket socket, string eventName, Func<T1, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2>(this ISocket socket, string eventName, Func<T1, T2, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2>(this ISocket socket, string eventName, Func<T1, T2, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2>(this ISocket socket, string eventName, Action<T1, T2> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3>(this ISocket socket, string eventName, Func<T1, T2, T3, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3>(this ISocket socket, string eventName, Func<T1, T2, T3, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3>(this ISocket socket, string eventName, Action<T1, T2, T3> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4>(this ISocket socket, string eventName, Action<T1, T2, T3, T4> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6, T7> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6, T7, T8> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="Once(ISocket, string, Func{Task})"/>
    public static IDisposable Once<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> handler) =>
        socket.Once(eventName, TypedHandlers.Of(handler));
}
