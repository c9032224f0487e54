using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.PacketStreams.Hosting;

/// <summary>What silos and clients register alike.</summary>
internal static class PacketStreamServiceCollection
{
    /// <returns>Whether it was not there yet.</returns>
    public static bool AddPacketStreams(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IPacketStreams)))
        {
            return false;
        }

        services.AddOptions<PacketStreamOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<PacketStreamOptions>, PacketStreamOptionsValidator>();
        services.AddSingleton<IPacketStreams, ClusterPacketStreams>();
        return true;
    }
}
