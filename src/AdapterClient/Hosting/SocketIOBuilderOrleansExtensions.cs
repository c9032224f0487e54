using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRooms.AdapterClient;
using OrleansRooms.AdapterClient.Hosting;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.Messaging;
using OrleansRooms.PacketStreams;
using OrleansRooms.SocketIO.Hosting;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Connects Socket.IO servers through an Orleans cluster.</summary>
public static class SocketIOBuilderOrleansExtensions
{
    /// <summary>
    /// Makes the server a node of the cluster: rooms, broadcasts and queries span all servers with the same
    /// <see cref="OrleansAdapterOptions.ClusterKey"/>. The cluster client of the host is used, whether the host is a silo itself or a
    /// client of some.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">
    /// Sets options, after the configuration's section <c>Rooms:Adapter</c> has; what does not add up stops the host from starting.
    /// </param>
    /// <example>
    /// <code>
    /// builder.AddRoomsClient();   // or UseOrleans(silo => silo.UseRoomsClustering().AddRooms()) to be a silo as well
    /// builder.Services.AddSocketIO().AddOrleansAdapter();
    /// </code>
    /// </example>
    public static ISocketIOBuilder AddOrleansAdapter(this ISocketIOBuilder builder, Action<OrleansAdapterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Name is not null)
        {
            throw new InvalidOperationException(
                "AddOrleansAdapter makes the process one node of the cluster, and that node is the server without a name: call it on " +
                $"AddSocketIO() rather than AddSocketIO(\"{builder.Name}\").");
        }

        var services = builder.Services;
        services.AddMetrics();
        services.AddLogging();
        services.AddOptionsWithValidateOnStart<OrleansAdapterOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<OrleansAdapterOptions>, RoomsSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OrleansAdapterOptions>, OrleansAdapterOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NodeMetrics>();
        services.TryAddSingleton<MessagingMetrics>();
        services.TryAddSingleton(CreateNode);
        services.TryAddSingleton<IClusterNode>(provider => provider.GetRequiredService<ClusterNode>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ClusterNodeService>());
        return builder.AddAdapter<OrleansAdapterFactory>();
    }

    private static ClusterNode CreateNode(IServiceProvider provider)
    {
        var client = provider.GetService<IClusterClient>() ?? throw new InvalidOperationException(
            "AddOrleansAdapter needs a cluster: call UseOrleans (the process is a silo) or AddRoomsClient or UseOrleansClient (it is a " +
            "client of some) on the host.");
        return provider.GetService<IPacketStreams>() is null
            ? throw new InvalidOperationException(
                "AddOrleansAdapter sends packets over Orleans: call AddRooms() inside UseOrleans or UseOrleansClient.")
            : new ClusterNode(
                client,
                provider.GetRequiredService<IOptions<OrleansAdapterOptions>>().Value.ToNodeOptions(),
                provider.GetRequiredService<NodeMetrics>(),
                provider.GetRequiredService<MessagingMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>());
    }
}
