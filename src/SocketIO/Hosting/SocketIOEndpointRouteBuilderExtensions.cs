using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.EngineIO.Hosting;
using OrleansRooms.SocketIO;
using OrleansRooms.SocketIO.Hosting;

#pragma warning disable IDE0130 // Extensions of the route builder live in its namespace, so that no using is needed to find them.
namespace Microsoft.AspNetCore.Builder;
#pragma warning restore IDE0130

/// <summary>Maps the Socket.IO server to a path.</summary>
public static class SocketIOEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves Socket.IO at a path and below it: the HTTP and WebSocket requests of the clients' <c>path</c> option.
    /// </summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path. Default: <c>/socket.io</c>, as clients have it.</param>
    /// <param name="name">The name of the server; <see langword="null"/> for the one without a name.</param>
    /// <returns>For metadata such as <c>RequireAuthorization()</c> and <c>RequireCors()</c>, and the server.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSocketIO()</c> was not called.</exception>
    /// <example><code>var io = app.MapSocketIO("/socket.io").Server;</code></example>
    public static SocketIOEndpointConventionBuilder MapSocketIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/socket.io", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var server = endpoints.ServiceProvider.GetKeyedService<SocketIOServer>(name) ?? throw new InvalidOperationException(
            $"MapSocketIO needs a Socket.IO server: call builder.Services.AddSocketIO({(name is null ? "" : $"\"{name}\"")}) before the " +
            "application is built.");
        return new SocketIOEndpointConventionBuilder(endpoints.MapEngineIO(pattern, server.Engine), server);
    }
}
