using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO.Handlers;

namespace OrleansRooms.SocketIO;

/// <summary>Connection middlewares that are classes.</summary>
public static class ConnectionMiddlewareExtensions
{
    /// <summary>
    /// Adds a middleware whose instances are made from the application's services; see <see cref="IConnectionPipeline.Use"/>.
    /// </summary>
    /// <typeparam name="TMiddleware">The class; it need not be registered.</typeparam>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">The class cannot be made; the message says what to change.</exception>
    /// <example><code>io.Of("/shop").Use&lt;TenantMiddleware&gt;();</code></example>
    public static IConnectionPipeline Use<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this IConnectionPipeline pipeline)
        where TMiddleware : class, IConnectionMiddleware
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var instances = new ScopedInstances<TMiddleware>(pipeline.ApplicationServices);
        instances.Check();
        return pipeline.Use((socket, next) => instances.RunAsync(
            static (middleware, _, call) => new ValueTask(middleware.InvokeAsync(call.Socket, call.Next)), (Socket: socket, Next: next)));
    }
}
