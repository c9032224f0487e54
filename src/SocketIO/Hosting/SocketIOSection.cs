using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>
/// Reads the configuration section <c>SocketIO</c>, for a server with a name the one of that name in <c>SocketIO:Servers</c>, and the
/// parser's options below it, where there is a configuration.
/// </summary>
internal sealed class SocketIOSection(IServiceProvider services)
    : IConfigureNamedOptions<SocketIOOptions>, IConfigureNamedOptions<JsonParserOptions>
{
    public const string Name = "SocketIO";

    public void Configure(SocketIOOptions options) => Configure(null, options);

    public void Configure(JsonParserOptions options) => Configure(null, options);

    public void Configure(string? name, SocketIOOptions options)
    {
        if (Section(name) is not { } section)
        {
            return;
        }

        // As in JavaScript, a feature is turned on or off by true or false, or described by a section. A CookieBuilder that the binder made
        // would not have Socket.IO's defaults.
        options.HttpCompression = Switch(
            section, nameof(options.HttpCompression), options.HttpCompression, () => new HttpCompressionOptions());
        options.PerMessageDeflate = Switch(
            section, nameof(options.PerMessageDeflate), options.PerMessageDeflate, () => new PerMessageDeflateOptions());
        options.Cookie = Switch(section, nameof(options.Cookie), options.Cookie, () => new SessionCookieBuilder());
        options.ConnectionStateRecovery = Switch(
            section, nameof(options.ConnectionStateRecovery), options.ConnectionStateRecovery, () => new ConnectionStateRecoveryOptions());
        section.Bind(options);
    }

    public void Configure(string? name, JsonParserOptions options)
    {
        // Not bound as a whole: what values look like is a matter of code, and clients depend on it.
        var json = Section(name)?.GetSection("Json");
        options.MaxAttachments = json?.GetValue<int?>(nameof(options.MaxAttachments)) ?? options.MaxAttachments;
        options.MaxDepth = json?.GetValue<int?>(nameof(options.MaxDepth)) ?? options.MaxDepth;
    }

    private IConfigurationSection? Section(string? name) =>
        services.GetService<IConfiguration>()?.GetSection(string.IsNullOrEmpty(name) ? Name : $"{Name}:Servers:{name}");

    private static T? Switch<T>(IConfigurationSection section, string name, T? current, Func<T> create)
        where T : class
    {
        var feature = section.GetSection(name);
        var isOn = bool.TryParse(feature.Value, out var value) ? value : feature.GetChildren().Any() || current is not null;
        return isOn ? current ?? create() : null;
    }
}
