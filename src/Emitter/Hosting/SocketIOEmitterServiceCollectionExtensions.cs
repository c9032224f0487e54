using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter;
using OrleansRooms.Emitter.Broadcasting;
using OrleansRooms.Emitter.Cluster;
using OrleansRooms.Emitter.Hosting;
using OrleansRooms.Messaging;
using OrleansRooms.PacketStreams;
using OrleansRooms.Protocol.SocketIO;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds the emitter to an application.</summary>
public static class SocketIOEmitterServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ISocketIOEmitter"/>, which emits to the clients of all Socket.IO servers with the same
    /// <see cref="SocketIOEmitterOptions.ClusterKey"/>. The cluster client of the host is used, whether the host is a silo itself or a
    /// client of some.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets options, after the configuration's <c>Rooms:ClusterKey</c> has set the key; what does not add up stops
    /// the host from starting.</param>
    /// <example>
    /// <code>
    /// builder.AddRoomsClient();   // or UseOrleans(silo => silo.UseRoomsClustering().AddRooms()) in a silo
    /// builder.Services.AddSocketIOEmitter();
    /// builder.Services.AddHostedService&lt;Worker&gt;();   // sealed class Worker(ISocketIOEmitter emitter) : BackgroundService
    /// </code>
    /// </example>
    public static IServiceCollection AddSocketIOEmitter(this IServiceCollection services, Action<SocketIOEmitterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.AddLogging();
        services.AddOptionsWithValidateOnStart<SocketIOEmitterOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SocketIOEmitterOptions>, RoomsSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SocketIOEmitterOptions>, SocketIOEmitterOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MessagingMetrics>();
        services.TryAddSingleton(CreateCluster);
        services.TryAddSingleton<ISocketIOEmitter>(
            provider => new EmitterNamespace(provider.GetRequiredService<EmitterCluster>(), Packet.MainNamespace));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EmitterService>());
        return services;
    }

    private static EmitterCluster CreateCluster(IServiceProvider provider)
    {
        var client = provider.GetService<IClusterClient>() ?? throw new InvalidOperationException(
            "AddSocketIOEmitter needs a cluster: call UseOrleans (the process is a silo) or AddRoomsClient or UseOrleansClient (it is " +
            "a client of some) on the host.");
        return provider.GetService<IPacketStreams>() is null
            ? throw new InvalidOperationException(
                "AddSocketIOEmitter sends packets over Orleans: call AddRooms() inside UseOrleans or UseOrleansClient.")
            : new EmitterCluster(
                client,
                provider.GetRequiredService<IOptions<SocketIOEmitterOptions>>(),
                provider.GetRequiredService<MessagingMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>());
    }
}
