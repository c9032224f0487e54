using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class Namespace
{
    private readonly EventHandlers<ServerEventContext> _serverEvents = new();
    private readonly HandlerQueue _serverEventQueue;

    public IDisposable OnServerEvent(string eventName, Func<ServerEventContext, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return OnServerEvent(eventName, context => new ValueTask(handler(context)));
    }

    public IDisposable OnServerEvent(string eventName, Func<ServerEventContext, ValueTask> handler)
    {
        ThrowIfReservedForServers(eventName);
        return _serverEvents.Add(eventName, handler, once: false);
    }

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public IDisposable OnServerEvent(string eventName, Delegate handler) =>
        OnServerEvent(eventName, Binder.Bind<ServerEventContext>(handler));

    public ValueTask ServerSideEmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ThrowIfReservedForServers(eventName);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : HeldEmits.Watch(Rooms.ServerSideEmitAsync(Server.Serializer.Event(Name, eventName, args), cancellationToken));
    }

    public async Task<IReadOnlyList<T>> ServerSideEmitWithAckCoreAsync<T>(
        string eventName, object?[] args, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ThrowIfReservedForServers(eventName);
        EmitArguments.CheckTimeout(timeout);
        var packet = Server.Serializer.Event(Name, eventName, args);
        var result = await Rooms.ServerSideEmitWithAckAsync(packet, timeout, cancellationToken);
        var responses = new List<T>(result.Responses.Length);
        var missing = result.MissingNodes;
        Exception? unreadable = null;
        for (var i = 0; i < result.Responses.Length; i++)
        {
            try
            {
                responses.Add(new AckResult(result.Responses[i], Server.Serializer).Get<T>(0)!);
            }
            catch (Exception exception) when (exception is EventArgumentException or PacketFormatException)
            {
                // One server that answers nonsense does not take the other answers away; it counts as one that did not answer.
                unreadable ??= exception;
                missing = i < result.RespondingNodes.Length ? missing.Add(result.RespondingNodes[i]) : missing;
            }
        }

        return missing.IsEmpty && unreadable is null ? responses : throw new ServerSideEmitException<T>(responses, missing, unreadable);
    }

    public void OnServerSideEmit(Packet packet, Action<Packet>? respond)
    {
        if (!_serverEventQueue.TryPost(
            new ServerEvent(this, new ServerEventContext(this, packet, Server.Serializer, respond)), out var isFirstRefusal))
        {
            Server.Metrics.EventUnheard("server-side");
            if (isFirstRefusal)
            {
                Log.ServerEventDropped(_logger, Name);
            }
        }
    }

    private static void ThrowIfReservedForServers(string eventName)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ReservedEvents.ThrowIfReservedForServers(eventName);
    }

    private void Handle(ServerEventContext context)
    {
        string eventName;
        try
        {
            eventName = context.EventName;
        }
        catch (PacketFormatException exception)
        {
            Log.ServerEventUnreadable(_logger, exception, Name);
            return;
        }

        foreach (var handler in _serverEvents.Take(eventName))
        {
            _ = RunAsync(handler, context);
        }
    }

    private async Task RunAsync(EventHandlers<ServerEventContext>.Handler handler, ServerEventContext context)
    {
        try
        {
            await handler.HandleAsync(context);
        }
        catch (Exception exception)
        {
            Log.ServerEventFailed(_logger, exception, context.EventName, Name);
        }
    }

    private sealed class ServerEvent(Namespace ns, ServerEventContext context) : IHandlerWork
    {
        public bool IsSequential => false;

        public bool IsEvent => true;

        public IHandlerWork? Next { get; set; }

        public int Size => context.Size;

        public Task Start()
        {
            ns.Handle(context);
            return Task.CompletedTask;
        }
    }
}
