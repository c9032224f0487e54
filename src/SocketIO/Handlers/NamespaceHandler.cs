using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Authorization;
using OrleansRooms.SocketIO.Namespaces;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Connects a handler class to the namespaces that it is for.</summary>
internal static class NamespaceHandler<[DynamicallyAccessedMembers(TrimmedHandlers.Members)] THandler>
    where THandler : SocketIONamespaceHandler
{
    /// <summary>Adds what the class does to a pipeline.</summary>
    /// <exception cref="InvalidOperationException">The class cannot work; the message says what to change.</exception>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static void AddTo(ConnectionPipeline pipeline, IServiceProvider services, HandlerBinder binder)
    {
        var instances = new ScopedInstances<THandler>(services);
        instances.Check();
        var methods = HandlerMethods.Find(typeof(THandler), binder);

        var attributes = typeof(THandler).GetCustomAttributes(inherit: true);
        if (attributes.OfType<IAuthorizeData>().ToArray() is { Length: > 0 } demands && !attributes.OfType<IAllowAnonymous>().Any())
        {
            pipeline.RequireAuthorization(typeof(THandler).ToString(), demands, []);
        }

        if (Overrides(nameof(SocketIONamespaceHandler.OnConnectingAsync)))
        {
            pipeline.Use(async (socket, next) =>
            {
                await instances.RunAsync(
                    static (handler, _, connecting) => handler.OnConnectingAsync(connecting, connecting.Disconnected), socket);
                await next();
            });
        }

        pipeline.Handle([.. methods.Select(method => KeyValuePair.Create(method.EventName, HandlerOf(method, instances, pipeline)))]);

        if (Overrides(nameof(SocketIONamespaceHandler.OnDisconnectedAsync)))
        {
            pipeline.OnConnection(
                socket => { socket.OnDisconnect((reason, description) => LeaveAsync(instances, socket, reason, description)); });
        }

        if (Overrides(nameof(SocketIONamespaceHandler.OnConnectedAsync)))
        {
            pipeline.OnConnection(
                socket => instances.RunAsync(static (handler, _, connected) => new ValueTask(handler.OnConnectedAsync(connected)), socket));
        }
    }

    private static Task LeaveAsync(ScopedInstances<THandler> instances, ISocket socket, DisconnectReason reason, string? description) =>
        instances.RunAsync(
            static (handler, _, left) => new ValueTask(handler.OnDisconnectedAsync(left.Socket, left.Reason, left.Description)),
            (Socket: socket, Reason: reason, Description: description));

    private static Func<EventContext, ValueTask> HandlerOf(
        HandlerMethod method, ScopedInstances<THandler> instances, ConnectionPipeline pipeline)
    {
        ValueTask RunAsync(EventContext context) => new(instances.RunAsync(
            static (handler, services, call) => call.Method.Call(handler, call.Context, services), (Method: method, Context: context)));

        if (method.AuthorizeData.Count == 0)
        {
            return RunAsync;
        }

        var authorization = pipeline.CreateAuthorization(method.Place, method.AuthorizeData, []);
        return async context =>
        {
            if (await authorization.AuthorizeAsync(context.Socket) is null)
            {
                throw new EventUnauthorizedException(context.EventName, context.Socket.Id);
            }

            await RunAsync(context);
        };
    }

    private static bool Overrides(string method) =>
        typeof(THandler).GetMethod(method, BindingFlags.Instance | BindingFlags.Public)!.DeclaringType != typeof(SocketIONamespaceHandler);
}
