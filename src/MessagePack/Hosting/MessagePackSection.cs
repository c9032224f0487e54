using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.MessagePack.Hosting;

/// <summary>Reads the configuration section <c>MessagePack</c> below that of the server, where there is a configuration.</summary>
internal sealed class MessagePackSection(IServiceProvider services) : IConfigureNamedOptions<MessagePackPacketParserOptions>
{
    public void Configure(MessagePackPacketParserOptions options) => Configure(null, options);

    public void Configure(string? name, MessagePackPacketParserOptions options) => services.GetService<IConfiguration>()
        ?.GetSection(string.IsNullOrEmpty(name) ? "SocketIO:MessagePack" : $"SocketIO:Servers:{name}:MessagePack").Bind(options);
}
