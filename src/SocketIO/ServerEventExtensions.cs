using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO;

/// <summary>
/// Handlers of one argument, whose type is given in front, for what other servers of the cluster send with <c>ServerSideEmitAsync</c>.
/// </summary>
public static class ServerEventExtensions
{
    /// <summary>
    /// Registers a handler that takes one argument, whose type is given in front: <see cref="INamespace.OnServerEvent(string, Delegate)"/>
    /// for the rest.
    /// </summary>
    /// <returns>Removes the handler when disposed.</returns>
    /// <exception cref="ArgumentException">The name is reserved, or the handler cannot be bound; the message says what to
    /// change.</exception>
    /// <example><code>io.OnServerEvent&lt;string&gt;("reload", section => settings.Reload(section));</code></example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T>(this INamespace ns, string eventName, Func<T, Task> handler) =>
        ns.OnServerEvent(eventName, (Delegate)handler);

    /// <inheritdoc cref="OnServerEvent{T}(INamespace, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable OnServerEvent<T>(this INamespace ns, string eventName, Func<T, ValueTask> handler) =>
        ns.OnServerEvent(eventName, (Delegate)handler);

    /// <inheritdoc cref="OnServerEvent{T}(INamespace, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable OnServerEvent<T>(this INamespace ns, string eventName, Action<T> handler) =>
        ns.OnServerEvent(eventName, (Delegate)handler);

    /// <inheritdoc cref="OnServerEvent{T}(INamespace, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T, TResult>(this INamespace ns, string eventName, Func<T, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, (Delegate)handler);

    /// <inheritdoc cref="OnServerEvent{T}(INamespace, string, Func{T, Task})"/>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IDisposable OnServerEvent<T, TResult>(this INamespace ns, string eventName, Func<T, TResult> handler) =>
        ns.OnServerEvent(eventName, (Delegate)handler);
}
