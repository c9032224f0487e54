using System.Collections.Immutable;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Namespaces;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>What sees every event of a socket: catch-all listeners in both directions, and middlewares.</summary>
internal sealed partial class Socket
{
    private Listeners<Func<EventContext, Task>>? _any;
    private Listeners<Func<OutgoingEvent, Task>>? _anyOutgoing;
    private ImmutableArray<Func<IncomingPacket, Func<Task>, Task>> _middlewares = [];

    public IReadOnlyList<Delegate> AnyListeners => new LiveView<Delegate>(() => AsGiven(_any));

    public IReadOnlyList<Delegate> AnyOutgoingListeners => new LiveView<Delegate>(() => AsGiven(_anyOutgoing));

    public IDisposable OnAny(Func<EventContext, Task> listener) => Ensure(ref _any).Add(listener);

    public IDisposable OnAny(Action<EventContext> listener) => Ensure(ref _any).Add(Completing(listener), asGiven: listener);

    public IDisposable PrependAny(Func<EventContext, Task> listener) => Ensure(ref _any).Add(listener, first: true);

    public IDisposable PrependAny(Action<EventContext> listener) =>
        Ensure(ref _any).Add(Completing(listener), first: true, asGiven: listener);

    public void OffAny() => _any?.Clear();

    public IDisposable OnAnyOutgoing(Func<OutgoingEvent, Task> listener) => Ensure(ref _anyOutgoing).Add(listener);

    public IDisposable OnAnyOutgoing(Action<OutgoingEvent> listener) =>
        Ensure(ref _anyOutgoing).Add(Completing(listener), asGiven: listener);

    public IDisposable PrependAnyOutgoing(Func<OutgoingEvent, Task> listener) => Ensure(ref _anyOutgoing).Add(listener, first: true);

    public IDisposable PrependAnyOutgoing(Action<OutgoingEvent> listener) =>
        Ensure(ref _anyOutgoing).Add(Completing(listener), first: true, asGiven: listener);

    public void OffAnyOutgoing() => _anyOutgoing?.Clear();

    public ISocket Use(Func<IncomingPacket, Func<Task>, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ImmutableInterlocked.Update(ref _middlewares, (list, added) => list.Add(added), middleware);
        return this;
    }

    /// <summary>Runs the outgoing catch-all listeners for an event whose turn has come.</summary>
    public void NotifyOutgoing(OutgoingEvent sent)
    {
        if (_anyOutgoing is { } listeners)
        {
            foreach (var entry in listeners.Current)
            {
                _ = RunAsync(entry.Listener, sent);
            }
        }
    }

    private static IReadOnlyList<Delegate> AsGiven<T>(Listeners<T>? listeners)
        where T : class => listeners is null ? [] : [.. listeners.Current.Select(entry => (Delegate)entry.AsGiven)];

    // What a socket may need, and most do not, is made when it is needed.
    private static T Ensure<T>(ref T? part)
        where T : class, new() => part ?? Interlocked.CompareExchange(ref part, new T(), null) ?? part;

    private static Func<T, Task> Completing<T>(Action<T> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return received =>
        {
            listener(received);
            return Task.CompletedTask;
        };
    }

    // Listeners are user code, and whoever emits may hold a lock: they have their turn on the handler queue.
    private void PostOutgoing(Packet packet)
    {
        if (_anyOutgoing is { Current.IsEmpty: false }
            && !_queue.TryPost(new OutgoingEvent(this, packet, _namespace.Server.Serializer), out var isFirstRefusal))
        {
            _namespace.Server.Metrics.EventUnheard("outgoing");
            if (isFirstRefusal)
            {
                Log.OutgoingNotHeard(_logger, Id, _namespace.Name);
            }
        }
    }

    private void NotifyIncoming(EventContext context)
    {
        if (_any is { } listeners)
        {
            foreach (var entry in listeners.Current)
            {
                _ = RunAsync(entry.Listener, context);
            }
        }
    }

    private async Task RunAsync<T>(Func<T, Task> listener, T heard)
    {
        try
        {
            await listener(heard);
        }
        catch (Exception exception) when (IsConsequenceOfDisconnect(exception))
        {
            Log.HandlerEndedByDisconnect(_logger, exception, "*", Id, _namespace.Name);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, "*", Id, _namespace.Name);
            Report(exception);
        }
    }

    private async Task PassAsync(EventContext context)
    {
        var packet = new IncomingPacket(context, _namespace.Server.Serializer);
        var middlewares = _middlewares;
        try
        {
            await RunFromAsync(0);
        }
        catch (Exception exception)
        {
            // This is how a middleware refuses an event: the server's error listeners hear of it, the client does not.
            Log.EventRefused(_logger, exception, context.EventName, Id, _namespace.Name);
            Report(exception);
        }

        Task RunFromAsync(int index)
        {
            if (index < middlewares.Length)
            {
                return middlewares[index](packet, () => RunFromAsync(index + 1));
            }

            if (_hasLeft)
            {
                // The middlewares took so long that the disconnect has been heard: no handler expects an event after that.
                return Task.CompletedTask;
            }

            context.Apply(packet);
            return RunHandlersAsync(context);
        }
    }
}
