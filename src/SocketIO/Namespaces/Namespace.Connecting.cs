using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO.Namespaces;

/// <content>What clients pass on their way in, and who hears of them.</content>
internal sealed partial class Namespace
{
    /// <summary>What clients pass on their way in.</summary>
    public ConnectionPipeline Pipeline { get; }

    public IServiceProvider ApplicationServices => Server.ApplicationServices;

    public IDisposable OnConnection(Func<ISocket, Task> listener) => Pipeline.OnConnection(listener);

    public IDisposable OnConnection(Func<ISocket, ValueTask> listener) => Pipeline.OnConnection(listener);

    public IDisposable OnConnection(Action<ISocket> listener) => Pipeline.OnConnection(listener);

    public IConnectionPipeline Use(Func<ISocket, Func<Task>, Task> middleware)
    {
        Pipeline.Use(middleware);
        return this;
    }

    public IConnectionPipeline Authenticate(Func<ISocket, CancellationToken, ValueTask<ClaimsPrincipal?>> authenticate)
    {
        Pipeline.Authenticate(authenticate);
        return this;
    }

    public IConnectionPipeline RequireAuthorization(params IAuthorizeData[] authorizeData)
    {
        Pipeline.RequireAuthorization(authorizeData);
        return this;
    }

    public IConnectionPipeline RequireAuthorization(AuthorizationPolicy policy)
    {
        Pipeline.RequireAuthorization(policy);
        return this;
    }

    public IConnectionPipeline UseHandler<THandler>()
        where THandler : SocketIONamespaceHandler
    {
        NamespaceHandler<THandler>.AddTo(Pipeline, ApplicationServices);
        return this;
    }
}
