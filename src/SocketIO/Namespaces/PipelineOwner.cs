using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>
/// A namespace or a parent of this server, rather than a test's idea of one: what it says about clients on their way in, its
/// <see cref="Pipeline"/> keeps.
/// </summary>
internal abstract class PipelineOwner : BroadcastSource, IConnectionPipeline
{
    /// <summary>What clients pass on their way in, and who hears of them.</summary>
    public abstract ConnectionPipeline Pipeline { get; }

    public abstract IServiceProvider ApplicationServices { get; }

    /// <summary>What makes handlers of delegates and methods.</summary>
    public abstract HandlerBinder Binder { get; }

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

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public IConnectionPipeline UseHandler<[DynamicallyAccessedMembers(TrimmedHandlers.Members)] THandler>()
        where THandler : SocketIONamespaceHandler
    {
        NamespaceHandler<THandler>.AddTo(Pipeline, ApplicationServices, Binder);
        return this;
    }
}
