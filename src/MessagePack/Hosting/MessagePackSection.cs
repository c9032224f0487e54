using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansRooms.MessagePack.Hosting;

/// <summary>Reads the configuration section <c>SocketIO:MessagePack</c> where there is a configuration.</summary>
internal sealed class MessagePackSection(IServiceProvider services) : IConfigureOptions<MessagePackPacketParserOptions>
{
    public void Configure(MessagePackPacketParserOptions options) =>
        services.GetService<IConfiguration>()?.GetSection("SocketIO:MessagePack").Bind(options);
}
