using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Orleans.Services;
using Orleans.Storage;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;
using OrleansRooms.Grains.Rooms;
using OrleansRooms.PacketStreams.Hosting;

#pragma warning disable IDE0130 // Extensions of Orleans' builders live in Orleans' namespace, so that no using is needed to find them.
namespace Orleans.Hosting;
#pragma warning restore IDE0130

/// <summary>Adds the room directory to silos.</summary>
public static class SiloBuilderRoomsExtensions
{
    /// <summary>
    /// Makes the silo host the room directory and carry packets: node, namespace and room grains, and the stream provider
    /// <see cref="NodeStreams.ProviderName"/>. All silos of the cluster need it. Calling it again only configures further.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options; they are checked when the silo starts.</param>
    public static ISiloBuilder AddRooms(this ISiloBuilder builder, Action<RoomsGrainOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(LivingNodes)))
        {
            return builder;
        }

        services.AddOptions<RoomsGrainOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RoomsGrainOptions>, RoomsGrainOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RoomsGrainMetrics>();
        services.AddSingleton<LivingNodes>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<LivingNodes>());
        services.AddSingleton<IGrainService>(HeartbeatRelayService.Create);
        services.AddSingleton<INoticeSender, StreamNoticeSender>();
        services.AddSingleton<LocalRoomShards>();
        services.AddSingleton<RoomShardServices>();
        AddGrainDirectory(builder);
        PacketStreamProvider.AddTo(builder);
        if (!services.Any(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, PubSubStore)))
        {
            // Subscriptions live as long as the run of a node that made them; an application's own store is left alone.
            builder.AddMemoryGrainStorage(PubSubStore);
        }

        return builder;
    }

    // Orleans' own default loses activations on living silos when others come and go; see docs/decisions/0012. An application's own choice
    // is left alone.
    private static void AddGrainDirectory(ISiloBuilder builder)
    {
        if (!builder.Services.Any(
            service => service.ServiceType == typeof(IGrainDirectory) && Equals(service.ServiceKey, DefaultGrainDirectory)))
        {
            // Marked as experimental: tests with silos that are killed and replaced under load hold what is needed of it.
#pragma warning disable ORLEANSEXP003
            builder.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
            // Otherwise what lived in a dead silo waits for 30 s, in case that silo is alive after all.
            builder.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
        }
    }

    // The name under which Orleans looks for the directory of grains that name none.
    private const string DefaultGrainDirectory = "default";

    // The name under which Orleans looks for the storage of stream subscriptions.
    private const string PubSubStore = "PubSubStore";
}
