using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>
/// Handlers with typed parameters for what other servers of the cluster send with <c>ServerSideEmitAsync</c>.
/// </summary>
public static class ServerEventExtensions
{
    /// <summary>
    /// Registers a handler with typed parameters for an event that other servers of the cluster send; what it returns is the answer.
    /// </summary>
    /// <returns>Removes the handler when disposed.</returns>
    /// <exception cref="ArgumentException">The name is <c>connect</c>, <c>connection</c> or <c>new_namespace</c>, or the handler returns a tuple or a stream, which JSON does not carry.</exception>
    /// <example><code>io.OnServerEvent&lt;string&gt;("reload", section => settings.Reload(section));</code></example>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent(this INamespace ns, string eventName, Func<Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent(this INamespace ns, string eventName, Func<ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent(this INamespace ns, string eventName, Action handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<TResult>(this INamespace ns, string eventName, Func<Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<TResult>(this INamespace ns, string eventName, Func<ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<TResult>(this INamespace ns, string eventName, Func<TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1>(this INamespace ns, string eventName, Func<T1, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1>(this INamespace ns, string eventName, Func<T1, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1>(this INamespace ns, string eventName, Action<T1> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, TResult>(this INamespace ns, string eventName, Func<T1, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, TResult>(this INamespace ns, string eventName, Func<T1, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, TResult>(this INamespace ns, string eventName, Func<T1, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2>(this INamespace ns, string eventName, Func<T1, T2, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2>(this INamespace ns, string eventName, Func<T1, T2, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2>(this INamespace ns, string eventName, Action<T1, T2> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, TResult>(this INamespace ns, string eventName, Func<T1, T2, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, TResult>(this INamespace ns, string eventName, Func<T1, T2, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, TResult>(this INamespace ns, string eventName, Func<T1, T2, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3>(this INamespace ns, string eventName, Func<T1, T2, T3, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3>(this INamespace ns, string eventName, Func<T1, T2, T3, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3>(this INamespace ns, string eventName, Action<T1, T2, T3> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4>(this INamespace ns, string eventName, Action<T1, T2, T3, T4> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5>(this INamespace ns, string eventName, Action<T1, T2, T3, T4, T5> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6>(this INamespace ns, string eventName, Action<T1, T2, T3, T4, T5, T6> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7>(this INamespace ns, string eventName, Action<T1, T2, T3, T4, T5, T6, T7> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8>(this INamespace ns, string eventName, Action<T1, T2, T3, T4, T5, T6, T7, T8> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));

    /// <inheritdoc cref="OnServerEvent(INamespace, string, Func{Task})"/>
    public static IDisposable OnServerEvent<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(this INamespace ns, string eventName, Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> handler) =>
        ns.OnServerEvent(eventName, TypedHandlers.Of(handler));
}
