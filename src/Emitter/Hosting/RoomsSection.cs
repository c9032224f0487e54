using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Emitter.Hosting;

/// <summary>Reads the cluster key, which emitters share with nodes, from the configuration section <c>Rooms</c>, where there is a
/// configuration.</summary>
internal sealed class RoomsSection(IServiceProvider services) : IConfigureOptions<SocketIOEmitterOptions>
{
    public void Configure(SocketIOEmitterOptions options) =>
        options.ClusterKey = services.GetService<IConfiguration>()?.GetSection("Rooms")[nameof(options.ClusterKey)] ?? options.ClusterKey;
}
