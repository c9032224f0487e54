using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Hosting;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds the Socket.IO server to an application.</summary>
public static class SocketIOServiceCollectionExtensions
{
    /// <summary>
    /// Adds a Socket.IO server that works alone until an adapter is added. Its options come from the configuration section
    /// <c>SocketIO</c>, then from <paramref name="configure"/>; what does not add up stops the host from starting.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets options.</param>
    /// <example>
    /// <code>
    /// var builder = WebApplication.CreateBuilder(args);
    /// builder.Services.AddSocketIO();
    /// var app = builder.Build();
    ///
    /// var io = app.MapSocketIO("/socket.io").Server;
    /// io.OnConnection(socket =>
    ///     socket.On&lt;string&gt;("chat message", async text => await io.EmitAsync("chat message", socket.Id, text)));
    ///
    /// app.Run();
    /// </code>
    /// </example>
    public static ISocketIOBuilder AddSocketIO(this IServiceCollection services, Action<SocketIOOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddMetrics();
        services.AddOptionsWithValidateOnStart<SocketIOOptions>();
        services.AddOptionsWithValidateOnStart<JsonParserOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SocketIOOptions>, SocketIOSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JsonParserOptions>, SocketIOSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIOOptions>, SocketIOOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JsonParserOptions>, JsonParserOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SocketIOMetrics>();
        services.TryAddSingleton<IAdapterFactory>(provider => new InMemoryAdapterFactory(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<SocketIOMetrics>()));
        services.TryAddSingleton<IPacketParser>(provider => provider.GetRequiredService<IOptions<JsonParserOptions>>().Value.CreateParser());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<JsonParserOptions>>().Value.CreateSerializer());
        services.TryAddSingleton(CreateServer);
        services.TryAddSingleton<ISocketIOServer>(provider => provider.GetRequiredService<SocketIOServer>());
        services.TryAddSingleton(typeof(INamespaceContext<>), typeof(NamespaceContext<>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SocketIOHostedService>());
        return new SocketIOBuilder(services);
    }

    private static SocketIOServer CreateServer(IServiceProvider provider)
    {
        var server = new SocketIOServer(
            provider.GetRequiredService<IOptions<SocketIOOptions>>().Value,
            provider.GetRequiredService<IPacketParser>(),
            provider.GetRequiredService<PacketSerializer>(),
            provider.GetRequiredService<IOptions<JsonParserOptions>>().Value.SerializerOptions,
            provider.GetRequiredService<IAdapterFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<SocketIOMetrics>(),
            provider);
        foreach (var registration in provider.GetServices<NamespaceRegistration>())
        {
            registration.Configure(server.Of(registration.Name));
        }

        return server;
    }
}
