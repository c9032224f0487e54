using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>Reads the configuration section <c>SocketIO</c> where there is a configuration.</summary>
internal sealed class SocketIOSection(IServiceProvider services) : IConfigureOptions<SocketIOOptions>
{
    public const string Name = "SocketIO";

    public void Configure(SocketIOOptions options) => services.GetService<IConfiguration>()?.GetSection(Name).Bind(options);
}
