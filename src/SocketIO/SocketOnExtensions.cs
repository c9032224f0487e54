using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO;

/// <summary>
/// <c>socket.on(...)</c> for handlers of one argument whose type is given in front, so that the lambda need not name it. All other handlers
/// with typed parameters are for <see cref="ISocket.On(string, Delegate)"/>.
/// </summary>
public static class SocketOnExtensions
{
    /// <summary>Registers a handler that takes one argument, whose type is given in front: <see cref="ISocket.On(string, Delegate)"/> for
    /// the rest.</summary>
    /// <returns>Removes the handler when disposed (<c>socket.off</c>).</returns>
    /// <exception cref="ArgumentException">The name is reserved, or the handler cannot be bound; the message says what to
    /// change.</exception>
    /// <example>
    /// <code>
    /// socket.On&lt;string&gt;("chat message", async text => await io.EmitAsync("chat message", socket.Id, text));
    /// socket.On&lt;int, int&gt;("double", n => n * 2);      // (n, callback) => callback(n * 2) in JavaScript
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T>(this ISocket socket, string eventName, Func<T, Task> handler) =>
        socket.On(eventName, (Delegate)handler);

    /// <inheritdoc cref="On{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable On<T>(this ISocket socket, string eventName, Func<T, ValueTask> handler) =>
        socket.On(eventName, (Delegate)handler);

    /// <inheritdoc cref="On{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable On<T>(this ISocket socket, string eventName, Action<T> handler) =>
        socket.On(eventName, (Delegate)handler);

    /// <inheritdoc cref="On{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable On<T, TResult>(this ISocket socket, string eventName, Func<T, Task<TResult>> handler) =>
        socket.On(eventName, (Delegate)handler);

    /// <inheritdoc cref="On{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable On<T, TResult>(this ISocket socket, string eventName, Func<T, TResult> handler) =>
        socket.On(eventName, (Delegate)handler);

    /// <summary>Registers a handler that takes one argument, for the next event of that name only.</summary>
    /// <inheritdoc cref="On{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T>(this ISocket socket, string eventName, Func<T, Task> handler) =>
        socket.Once(eventName, (Delegate)handler);

    /// <inheritdoc cref="Once{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable Once<T>(this ISocket socket, string eventName, Func<T, ValueTask> handler) =>
        socket.Once(eventName, (Delegate)handler);

    /// <inheritdoc cref="Once{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable Once<T>(this ISocket socket, string eventName, Action<T> handler) =>
        socket.Once(eventName, (Delegate)handler);

    /// <inheritdoc cref="Once{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable Once<T, TResult>(this ISocket socket, string eventName, Func<T, Task<TResult>> handler) =>
        socket.Once(eventName, (Delegate)handler);

    /// <inheritdoc cref="Once{T}(ISocket, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable Once<T, TResult>(this ISocket socket, string eventName, Func<T, TResult> handler) =>
        socket.Once(eventName, (Delegate)handler);
}
