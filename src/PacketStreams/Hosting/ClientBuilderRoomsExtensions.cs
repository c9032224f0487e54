using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;
using OrleansRooms.PacketStreams.Hosting;

#pragma warning disable IDE0130 // Extensions of Orleans' builders live in Orleans' namespace, so that no using is needed to find them.
namespace Orleans.Hosting;
#pragma warning restore IDE0130

/// <summary>Sets up Orleans clients for the room directory.</summary>
public static class ClientBuilderRoomsExtensions
{
    /// <summary>
    /// Adds what an Orleans client needs to hold nodes or emitters: the stream provider that carries packets. The silos need
    /// <c>AddRooms</c> too. Calling it again changes nothing.
    /// </summary>
    public static IClientBuilder AddRooms(this IClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.AddPacketStreams())
        {
            builder.AddPersistentStreams(
                NodeStreams.ProviderName,
                static (services, name) => new PacketSenderFactory(name, services.GetRequiredService<IGrainFactory>()),
                streams => streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));
        }

        return builder;
    }
}
