using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansRooms.MessagePack;
using OrleansRooms.MessagePack.Hosting;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;
using OrleansRooms.SocketIO.Hosting;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Lets a Socket.IO server speak MessagePack.</summary>
public static class SocketIOBuilderMessagePackExtensions
{
    /// <summary>
    /// Makes MessagePack the format of all packets; clients need the npm package socket.io-msgpack-parser, or its like. Socket.IO does not
    /// negotiate formats, so clients that speak JSON are refused.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">
    /// Sets the limits, after the configuration section <c>SocketIO:MessagePack</c>; what does not add up stops the host from starting.
    /// </param>
    /// <example><code>builder.Services.AddSocketIO().AddMessagePackParser();</code></example>
    public static ISocketIOBuilder AddMessagePackParser(
        this ISocketIOBuilder builder, Action<MessagePackPacketParserOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var name = builder.Name;
        services.AddOptionsWithValidateOnStart<MessagePackPacketParserOptions>(name);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<MessagePackPacketParserOptions>, MessagePackSection>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<MessagePackPacketParserOptions>, MessagePackPacketParserOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(name ?? Microsoft.Extensions.Options.Options.DefaultName, configure);
        }

        services.Replace(ServiceDescriptor.KeyedSingleton<IPacketParser>(name, (provider, _) =>
            new MessagePackPacketParser(provider.GetRequiredService<IOptionsMonitor<MessagePackPacketParserOptions>>().Get(name))));

        // What handlers emit is counted where values are read and written: a packet may have as many attachments there as in this format.
        services.Replace(ServiceDescriptor.KeyedSingleton(name, (provider, _) => new PacketSerializer(
            provider.GetRequiredService<IOptionsMonitor<JsonParserOptions>>().Get(name).SerializerOptions,
            provider.GetRequiredService<IOptionsMonitor<MessagePackPacketParserOptions>>().Get(name).MaxAttachments)));
        return builder;
    }
}
