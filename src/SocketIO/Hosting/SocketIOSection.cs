using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>Reads the configuration section <c>SocketIO</c>, and the parser's options below it, where there is a configuration.</summary>
internal sealed class SocketIOSection(IServiceProvider services) : IConfigureOptions<SocketIOOptions>, IConfigureOptions<JsonParserOptions>
{
    public const string Name = "SocketIO";

    private IConfigurationSection? Section => services.GetService<IConfiguration>()?.GetSection(Name);

    public void Configure(SocketIOOptions options)
    {
        if (Section is not { } section)
        {
            return;
        }

        // As in JavaScript, a feature is turned on or off by true or false, or described by a section. A CookieBuilder that the binder made would
        // not have Socket.IO's defaults.
        options.HttpCompression = Switch(section, nameof(options.HttpCompression), options.HttpCompression, () => new HttpCompressionOptions());
        options.PerMessageDeflate = Switch(section, nameof(options.PerMessageDeflate), options.PerMessageDeflate, () => new PerMessageDeflateOptions());
        options.Cookie = Switch(section, nameof(options.Cookie), options.Cookie, () => new SessionCookieBuilder());
        options.ConnectionStateRecovery = Switch(
            section, nameof(options.ConnectionStateRecovery), options.ConnectionStateRecovery, () => new ConnectionStateRecoveryOptions());
        section.Bind(options);
    }

    public void Configure(JsonParserOptions options)
    {
        // Not bound as a whole: what values look like is a matter of code, and clients depend on it.
        var json = Section?.GetSection("Json");
        options.MaxAttachments = json?.GetValue<int?>(nameof(options.MaxAttachments)) ?? options.MaxAttachments;
        options.MaxDepth = json?.GetValue<int?>(nameof(options.MaxDepth)) ?? options.MaxDepth;
    }

    private static T? Switch<T>(IConfigurationSection section, string name, T? current, Func<T> create)
        where T : class
    {
        var feature = section.GetSection(name);
        var isOn = bool.TryParse(feature.Value, out var value) ? value : feature.GetChildren().Any() || current is not null;
        return isOn ? current ?? create() : null;
    }
}
