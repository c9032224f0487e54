using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
        return AddServer(services, name: null, configure);
    }

    /// <summary>
    /// Adds one more Socket.IO server to the application, with options, namespaces, parser and adapter of its own. It is mapped with
    /// <c>MapSocketIO(pattern, name)</c> and injected with <c>[FromKeyedServices(name)] ISocketIOServer</c>.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name of the server, under which the configuration section <c>SocketIO:Servers</c> has its options.</param>
    /// <param name="configure">Sets options.</param>
    /// <example>
    /// <code>
    /// builder.Services.AddSocketIO();
    /// builder.Services.AddSocketIO("devices", o => o.PingInterval = TimeSpan.FromMinutes(2)).AddMessagePackParser();
    /// var app = builder.Build();
    /// app.MapSocketIO();
    /// app.MapSocketIO("/devices", "devices");
    /// </code>
    /// </example>
    public static ISocketIOBuilder AddSocketIO(this IServiceCollection services, string name, Action<SocketIOOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddServer(services, name, configure);
    }

    /// <summary>A null key is none: the server without a name is the service without a key.</summary>
    private static SocketIOBuilder AddServer(IServiceCollection services, string? name, Action<SocketIOOptions>? configure)
    {
        services.AddLogging();
        services.AddMetrics();
        services.AddOptionsWithValidateOnStart<SocketIOOptions>(name);
        services.AddOptionsWithValidateOnStart<JsonParserOptions>(name);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SocketIOOptions>, SocketIOSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JsonParserOptions>, SocketIOSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIOOptions>, SocketIOOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JsonParserOptions>, JsonParserOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(name ?? Microsoft.Extensions.Options.Options.DefaultName, configure);
        }

        services.Configure<KestrelServerOptions>(AllowLongQueries);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(name, (provider, _) => new SocketIOMetrics(provider.GetRequiredService<IMeterFactory>(), name));
        services.TryAddSingleton(typeof(INamespaceContext<>), typeof(NamespaceContext<>));
        services.TryAddKeyedSingleton<IPacketParser>(name, (provider, _) => provider.GetOptions<JsonParserOptions>(name).CreateParser());
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetOptions<JsonParserOptions>(name).CreateSerializer());
        if (!services.Any(service => service.ServiceType == typeof(SocketIOServer) && Equals(service.ServiceKey, name)))
        {
            services.AddKeyedSingleton(name, (provider, _) => CreateServer(provider, name));
            services.AddKeyedSingleton<ISocketIOServer>(name, (provider, _) => provider.GetRequiredKeyedService<SocketIOServer>(name));
            services.AddSingleton<IHostedService>(
                provider => new SocketIOHostedService(provider.GetRequiredKeyedService<SocketIOServer>(name)));
        }

        return new SocketIOBuilder(services, name);
    }

    /// <summary>
    /// Clients send tokens in the query with each request: Node.js takes twice as much as Kestrel. What the application has set itself
    /// stays.
    /// </summary>
    private static void AllowLongQueries(KestrelServerOptions kestrel)
    {
        const int Default = 8 * 1024;
        if (kestrel.Limits.MaxRequestLineSize == Default) kestrel.Limits.MaxRequestLineSize = 2 * Default;
    }

    private static SocketIOServer CreateServer(IServiceProvider provider, string? name)
    {
        var server = new SocketIOServer(
            provider.GetOptions<SocketIOOptions>(name),
            provider.GetRequiredKeyedService<IPacketParser>(name),
            provider.GetRequiredKeyedService<PacketSerializer>(name),
            provider.GetKeyedService<IAdapterFactory>(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredKeyedService<SocketIOMetrics>(name),
            provider,
            name);
        foreach (var registration in provider.GetServices<NamespaceRegistration>().Where(registration => registration.Server == name))
        {
            registration.Configure(server.Of(registration.Name));
        }

        return server;
    }

    private static T GetOptions<T>(this IServiceProvider provider, string? name)
        where T : class => provider.GetRequiredService<IOptionsMonitor<T>>().Get(name);
}
