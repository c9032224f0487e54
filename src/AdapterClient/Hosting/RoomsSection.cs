using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.AdapterClient.Hosting;

/// <summary>
/// Reads what concerns a node from the configuration section <c>Rooms</c>, where there is a configuration: the cluster key, which emitters
/// share, and the section <c>Rooms:Adapter</c>.
/// </summary>
internal sealed class RoomsSection(IServiceProvider services) : IConfigureOptions<OrleansAdapterOptions>
{
    public const string Name = "Rooms";

    public void Configure(OrleansAdapterOptions options)
    {
        if (services.GetService<IConfiguration>()?.GetSection(Name) is { } rooms)
        {
            options.ClusterKey = rooms[nameof(options.ClusterKey)] ?? options.ClusterKey;
            rooms.GetSection("Adapter").Bind(options);
        }
    }
}
