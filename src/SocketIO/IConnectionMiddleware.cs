namespace OrleansRooms.SocketIO;

/// <summary>
/// A connection middleware as a class, for <c>Use&lt;TMiddleware&gt;()</c>. Every client that passes has an instance of its own, made from
/// a scope of the application's services that ends when the task does.
/// </summary>
/// <example>
/// <code>
/// public sealed class TenantMiddleware(ITenants tenants) : IConnectionMiddleware
/// {
///     public async Task InvokeAsync(ISocket socket, Func&lt;Task&gt; next)
///     {
///         socket.Data.Set("tenant", await tenants.OfAsync(socket.User, socket.Disconnected));
///         await next();
///     }
/// }
/// </code>
/// </example>
public interface IConnectionMiddleware
{
    /// <summary>Lets a client go on by calling <paramref name="next"/>, or refuses it; see <see cref="IConnectionPipeline.Use"/>.</summary>
    /// <param name="socket">The client's socket, not connected yet.</param>
    /// <param name="next">What follows.</param>
    /// <exception cref="ConnectErrorException">The client is refused with this message.</exception>
    Task InvokeAsync(ISocket socket, Func<Task> next);
}
