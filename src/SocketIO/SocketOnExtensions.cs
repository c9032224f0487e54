using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>
/// <c>socket.on(...)</c> with typed parameters: up to eight, synchronous or not, with or without an answer.
/// </summary>
public static class SocketOnExtensions
{
    /// <summary>Registers a handler with typed parameters; the arguments of the event are converted to them.</summary>
    /// <remarks>
    /// What the handler returns is the answer, if the sender asked for one. Arguments that the sender left out are defaults. An event with
    /// arguments that cannot be converted does not reach the handler but the <see cref="ISocket.OnError"/> listeners.
    /// </remarks>
    /// <returns>Removes the handler when disposed (<c>socket.off</c>).</returns>
    /// <exception cref="ArgumentException">The name is reserved, for example <c>disconnect</c>, or the handler returns a tuple or a stream, which JSON does not carry.</exception>
    /// <example>
    /// <code>
    /// socket.On&lt;string&gt;("chat message", async text => await io.EmitAsync("chat message", socket.Id, text));
    /// socket.On&lt;int, int, int&gt;("add", (a, b) => a + b);      // (a, b, callback) => callback(a + b) in JavaScript
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)]
    public static IDisposable On(this ISocket socket, string eventName, Func<Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On(this ISocket socket, string eventName, Func<ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On(this ISocket socket, string eventName, Action handler) => socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<TResult>(this ISocket socket, string eventName, Func<Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<TResult>(this ISocket socket, string eventName, Func<ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<TResult>(this ISocket socket, string eventName, Func<TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1>(this ISocket socket, string eventName, Func<T1, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1>(this ISocket socket, string eventName, Func<T1, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1>(this ISocket socket, string eventName, Action<T1> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, TResult>(this ISocket socket, string eventName, Func<T1, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, TResult>(this ISocket socket, string eventName, Func<T1, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, TResult>(this ISocket socket, string eventName, Func<T1, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2>(this ISocket socket, string eventName, Func<T1, T2, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2>(this ISocket socket, string eventName, Func<T1, T2, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2>(this ISocket socket, string eventName, Action<T1, T2> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, TResult>(this ISocket socket, string eventName, Func<T1, T2, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3>(this ISocket socket, string eventName, Func<T1, T2, T3, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3>(this ISocket socket, string eventName, Func<T1, T2, T3, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3>(this ISocket socket, string eventName, Action<T1, T2, T3> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4>(this ISocket socket, string eventName, Action<T1, T2, T3, T4> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6, T7> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8>(this ISocket socket, string eventName, Action<T1, T2, T3, T4, T5, T6, T7, T8> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="On(ISocket, string, Func{Task})"/>
    public static IDisposable On<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this ISocket socket, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> handler) =>
        socket.On(eventName, TypedHandlers.Of(handler));
}
