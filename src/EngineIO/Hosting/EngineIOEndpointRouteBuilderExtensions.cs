using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansRooms.EngineIO.Transports;

namespace OrleansRooms.EngineIO.Hosting;

/// <summary>Puts Engine.IO servers into an application's routes.</summary>
public static class EngineIOEndpointRouteBuilderExtensions
{
    private const string RestParameter = "engineIORest";

    /// <summary>
    /// Serves a path and everything below it, whatever the method. With <see cref="EngineIOOptions.AddTrailingSlash"/> the path
    /// itself is found only with a slash behind it. WebSockets need no <c>UseWebSockets()</c> in the application.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path, for example <c>/socket.io</c>; a trailing slash makes no difference.</param>
    /// <param name="server">The server behind it.</param>
    public static IEndpointConventionBuilder MapEngineIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, EngineIOServer server)
    {
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.Use(next => context =>
        {
            SharedUpgradeFeature.Install(context.Features);
            return next(context);
        });
        pipeline.UseWebSockets();
        pipeline.Run(context => IsServed(context, server.Options) ? server.HandleAsync(context) : NotFound(context));

        return endpoints
            .Map($"{pattern.TrimEnd('/')}/{{**{RestParameter}}}", pipeline.Build())
            .WithDisplayName($"Engine.IO {pattern}");
    }

    private static bool IsServed(HttpContext context, EngineIOOptions options) =>
        !options.AddTrailingSlash
        || !string.IsNullOrEmpty(context.GetRouteValue(RestParameter) as string)
        || context.Request.Path.Value!.EndsWith('/');

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
