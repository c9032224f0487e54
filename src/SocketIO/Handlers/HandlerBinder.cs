using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>
/// Makes handlers of an event out of the application's delegates and methods. Sockets come and go and register the same code again and
/// again, so what a method takes is found out, and its call compiled, once for each server.
/// </summary>
internal sealed class HandlerBinder
{
    private readonly IServiceProvider _services;
    private readonly IServiceProviderIsService? _known;
    private readonly PacketSerializer _serializer;
    private readonly bool _compiles;

    // As long as the code that handlers are written in: methods that are made while the process runs, and may go again, are not kept.
    private readonly ConcurrentDictionary<Key, BoundHandler> _bound = new();

    /// <param name="services">The services of the application.</param>
    /// <param name="serializer">What reads arguments.</param>
    /// <param name="compiles">Whether calls are compiled; in processes that cannot compile, never.</param>
    public HandlerBinder(IServiceProvider services, PacketSerializer serializer, bool compiles = true)
    {
        _services = services;
        _known = services.GetService<IServiceProviderIsService>();
        _serializer = serializer;
        _compiles = compiles;
    }

    /// <summary>Makes a handler of a delegate.</summary>
    /// <typeparam name="TEvent">What handlers get: an <see cref="EventContext"/> or a <see cref="ServerEventContext"/>.</typeparam>
    /// <exception cref="ArgumentException">The delegate cannot handle an event; the message says what to change.</exception>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public Func<TEvent, ValueTask> Bind<TEvent>(Delegate handler)
        where TEvent : IncomingEvent
    {
        ArgumentNullException.ThrowIfNull(handler);
        var method = handler.Method;
        var key = new Key(typeof(TEvent), handler.GetType(), method);
        if (!_bound.TryGetValue(key, out var bound))
        {
            bound = Bind(key.Delegate.GetMethod(nameof(Action.Invoke))!, method, typeof(TEvent), out var mistake)
                ?? throw new ArgumentException($"The handler {mistake}", nameof(handler));
            if (method.DeclaringType is not null && !method.IsCollectible)
            {
                _bound[key] = bound;
            }
        }

        return bound.UsesServices ? InScopes<TEvent>(bound.Call, handler) : Directly<TEvent>(bound.Call, handler);
    }

    /// <summary>Makes the call of a method that handles events of sockets.</summary>
    /// <returns><see langword="null"/> if it cannot handle one.</returns>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public HandlerCall? Bind(MethodInfo method, out string? mistake) => Bind(method, method, typeof(EventContext), out mistake)?.Call;

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where the process can compile.")]
    private BoundHandler? Bind(MethodInfo called, MethodInfo declared, Type eventType, out string? mistake)
    {
        var signature = HandlerSignature.Of(called, declared, eventType, _known, _serializer);
        mistake = signature.Mistake;
        if (mistake is not null)
        {
            return null;
        }

        var call = _compiles && RuntimeFeature.IsDynamicCodeSupported
            ? CompiledCall.Of(called, signature.Parameters)
            : ReflectedCall.Of(called, signature.Parameters);
        return new BoundHandler(call, signature.Parameters.Any(parameter => parameter.IsService));
    }

    private static Func<TEvent, ValueTask> Directly<TEvent>(HandlerCall call, Delegate handler)
        where TEvent : IncomingEvent => received => call(handler, received, null);

    private Func<TEvent, ValueTask> InScopes<TEvent>(HandlerCall call, Delegate handler)
        where TEvent : IncomingEvent => received => CallInScopeAsync(call, handler, received);

    private async ValueTask CallInScopeAsync(HandlerCall call, Delegate handler, IncomingEvent received)
    {
        await using var scope = _services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await call(handler, received, scope.ServiceProvider);
    }

    private readonly record struct Key(Type Event, Type Delegate, MethodInfo Method);

    private sealed record BoundHandler(HandlerCall Call, bool UsesServices);
}
