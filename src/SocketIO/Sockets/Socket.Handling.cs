using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO.Sockets;

internal sealed partial class Socket
{
    private EventHandlers<EventContext>? _handlers;
    private Listeners<Func<DisconnectReason, string?, Task>>? _disconnecting;
    private Listeners<Func<DisconnectReason, string?, Task>>? _disconnect;
    private Listeners<Action<Exception>>? _errors;

    public IDisposable On(string eventName, Func<EventContext, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventName, context => new ValueTask(handler(context)), once: false);
    }

    public IDisposable On(string eventName, Func<EventContext, ValueTask> handler) => Add(eventName, handler, once: false);

    public IDisposable On(string eventName, Action<EventContext> handler) => Add(eventName, Synchronous(handler), once: false);

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public IDisposable On(string eventName, Delegate handler) => Add(eventName, _namespace.Binder.Bind<EventContext>(handler), once: false);

    public IDisposable Once(string eventName, Func<EventContext, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(eventName, context => new ValueTask(handler(context)), once: true);
    }

    public IDisposable Once(string eventName, Func<EventContext, ValueTask> handler) => Add(eventName, handler, once: true);

    public IDisposable Once(string eventName, Action<EventContext> handler) => Add(eventName, Synchronous(handler), once: true);

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public IDisposable Once(string eventName, Delegate handler) =>
        Add(eventName, _namespace.Binder.Bind<EventContext>(handler), once: true);

    public void Off(string? eventName = null) => _handlers?.Clear(eventName);

    public IDisposable OnDisconnecting(Func<DisconnectReason, string?, Task> listener) => Ensure(ref _disconnecting).Add(listener);

    public IDisposable OnDisconnect(Func<DisconnectReason, string?, Task> listener) => Ensure(ref _disconnect).Add(listener);

    public IDisposable OnError(Action<Exception> listener) => Ensure(ref _errors).Add(listener);

    /// <summary>Takes a packet of the client's for this open socket.</summary>
    /// <returns><see langword="false"/> when there should be no further one before <see cref="WhenRelieved"/>.</returns>
    public bool Receive(Packet packet)
    {
        switch (packet.Type)
        {
            case PacketType.Event or PacketType.BinaryEvent:
                return _queue.PostEvent(new EventContext(this, packet, _namespace.Server.Serializer));
            case PacketType.Ack or PacketType.BinaryAck:
                // Acks do not wait for handlers: one of them may be waiting for this ack.
                _acks?.Answer(packet);
                return true;
            default:
                Close(DisconnectReason.ClientNamespaceDisconnect, null);
                return true;
        }
    }

    /// <summary>Completes when the handlers have caught up with the client, or the socket has closed.</summary>
    public Task WhenRelieved() => _queue.WhenRelieved();

    /// <summary>Runs whatever there is for one event; completes when all of it has. Never fails.</summary>
    public Task HandleAsync(EventContext context)
    {
        try
        {
            // Here an event that passed the parser may still turn out to be unreadable, for instance because of a custom parser.
            _ = context.EventName;
        }
        catch (Exception exception)
        {
            Report(exception);
            return Task.CompletedTask;
        }

        NotifyIncoming(context);
        return _middlewares.IsEmpty ? RunHandlersAsync(context) : PassAsync(context);
    }

    public Task RunConnectionListenersAsync()
    {
        // The queue may get here before TryOpen has left its lock; after this the socket is what the listeners expect it to be.
        AcceptsPackets();
        var listeners = _namespace.Pipeline.ConnectionListeners;
        if (listeners.Length == 1)
        {
            return RunAsync(listeners[0].Listener);
        }

        var running = new Task[listeners.Length];
        for (var i = 0; i < running.Length; i++)
        {
            running[i] = RunAsync(listeners[i].Listener);
        }

        return Task.WhenAll(running);
    }

    /// <summary>Takes the closed socket out of its rooms, with its listeners before and after.</summary>
    /// <returns>When the rooms are left: the listeners that are still at it.</returns>
    public async Task<Task> RunClosingAsync(SocketClosing closing)
    {
        var heard = closing.WasOpen ? RunAsync(_disconnecting, closing) : Task.CompletedTask;
        _hasLeft = true;
        var session = SessionAfter(closing);
        var left = LeaveAsync(session);
        _namespace.Remove(this);
        if (closing.WasOpen)
        {
            heard = Task.WhenAll(heard, RunAsync(_disconnect, closing));
        }

        await left;
        _ = ReleaseAsync(heard);
        return heard;
    }

    // What listeners and handlers still emit goes out: the namespace, and what it sends with, stays until they have completed.
    private async Task ReleaseAsync(Task heard)
    {
        await heard;
        await _queue.WhenEventsOver();
        _namespace.Release();
    }

    /// <summary>Tells the error listeners, when their turn comes, of something that no handler caused.</summary>
    public void PostError(Exception exception) => _queue.Post(new SocketError(this, exception));

    /// <summary>Tells the error listeners.</summary>
    public void Report(Exception exception)
    {
        foreach (var error in _errors?.Current ?? [])
        {
            try
            {
                error.Listener(exception);
            }
            catch (Exception failure)
            {
                Log.ListenerFailed(_logger, failure, Id, _namespace.Name);
            }
        }
    }

    /// <summary>A value of the socket's data cannot be told to other servers.</summary>
    public void ReportUnserializable(string name, Exception exception) =>
        Log.DataNotSerializable(_logger, exception, name, Id, _namespace.Name);

    /// <summary>What is kept of the socket for a client that may come back.</summary>
    private SocketSession? SessionAfter(SocketClosing closing) =>
        PrivateId is not null && (closing.WasOpen || Recovered) && closing.Reason.IsRecoverable()
            ? new SocketSession
            {
                SocketId = Id,
                PrivateId = PrivateId,
                Rooms = [.. Rooms],
                Data = Data,
                UserId = closing.WasOpen ? UserId : _sessionUserId,
            }
            : null;

    private async Task LeaveAsync(SocketSession? session)
    {
        if (!_namespace.IsOpen)
        {
            // Nobody was let in.
            return;
        }

        try
        {
            await _namespace.Rooms.RemoveAllAsync(Id);
        }
        catch (Exception exception)
        {
            Log.LeaveFailed(_logger, exception, Id, _namespace.Name);
        }

        if (session is null)
        {
            return;
        }

        // Not before the rooms are left: the socket that the client comes back to has the same id.
        _namespace.Adapter.Persist(session);
        if (_namespace.Parent is not null)
        {
            _namespace.KeepFor(_namespace.ConnectionStateRecovery!.MaxDisconnectionDuration);
        }
    }

    private static Func<EventContext, ValueTask> Synchronous(Action<EventContext> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return context =>
        {
            handler(context);
            return default;
        };
    }

    private IDisposable Add(string eventName, Func<EventContext, ValueTask> handler, bool once)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ReservedEvents.ThrowIfReserved(eventName);
        return Ensure(ref _handlers).Add(eventName, handler, once);
    }

    private Task RunHandlersAsync(EventContext context)
    {
        var handlers = _namespace.Pipeline.HandlersOf(context.EventName).AddRange(_handlers?.Take(context.EventName) ?? []);
        if (handlers.Length == 1)
        {
            return RunAsync(handlers[0], context);
        }

        if (handlers.IsEmpty)
        {
            Log.NoHandler(_logger, context.EventName, Id, _namespace.Name);
            return Task.CompletedTask;
        }

        var running = new Task[handlers.Length];
        for (var i = 0; i < running.Length; i++)
        {
            running[i] = RunAsync(handlers[i], context);
        }

        return Task.WhenAll(running);
    }

    private async Task RunAsync(EventHandlers<EventContext>.Handler handler, EventContext context)
    {
        try
        {
            await handler.HandleAsync(context);
        }
        catch (Exception exception) when (IsConsequenceOfDisconnect(exception))
        {
            Log.HandlerEndedByDisconnect(_logger, exception, context.EventName, Id, _namespace.Name);
        }
        catch (EventArgumentException exception)
        {
            Log.WrongArguments(_logger, exception, context.EventName, Id, _namespace.Name);
            Report(exception);
        }
        catch (EventUnauthorizedException exception)
        {
            Log.EventRefused(_logger, exception, context.EventName, Id, _namespace.Name);
            Report(exception);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, context.EventName, Id, _namespace.Name);
            Report(exception);
        }
    }

    private async Task RunAsync(Func<ISocket, Task> listener)
    {
        try
        {
            await listener(this);
        }
        catch (Exception exception) when (IsConsequenceOfDisconnect(exception))
        {
            Log.HandlerEndedByDisconnect(_logger, exception, "connection", Id, _namespace.Name);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, "connection", Id, _namespace.Name);
            Report(exception);
        }
    }

    private async Task RunAsync(Listeners<Func<DisconnectReason, string?, Task>>? listeners, SocketClosing closing)
    {
        var current = listeners?.Current ?? [];
        var running = new List<Task>(current.Length);
        foreach (var entry in current)
        {
            try
            {
                running.Add(entry.Listener(closing.Reason, closing.Description));
            }
            catch (Exception exception)
            {
                running.Add(Task.FromException(exception));
            }
        }

        foreach (var task in running)
        {
            try
            {
                await task;
            }
            catch (Exception exception)
            {
                Log.ListenerFailed(_logger, exception, Id, _namespace.Name);
            }
        }
    }

    private bool IsConsequenceOfDisconnect(Exception exception) =>
        _state == SocketState.Closed && exception is OperationCanceledException or SocketDisconnectedException;
}
