using Microsoft.Extensions.Options;
using Orleans.Hosting;
using OrleansRooms.Hosting;
using OrleansRooms.Silo.Http;

namespace OrleansRooms.Silo;

/// <summary>Composes the silo from its settings.</summary>
internal static class SiloConfiguration
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    // The short names of settings on the command line; the long ones, such as --Rooms:SiloPort, work as well.
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--clustering"] = Setting(nameof(RoomsClusterOptions.Clustering)),
        ["--redis"] = Setting(nameof(RoomsClusterOptions.Redis)),
        ["--postgres"] = Setting(nameof(RoomsClusterOptions.Postgres)),
        ["--cluster-id"] = Setting(nameof(RoomsClusterOptions.ClusterId)),
        ["--service-id"] = Setting(nameof(RoomsClusterOptions.ServiceId)),
        ["--silo-port"] = Setting(nameof(RoomsClusterOptions.SiloPort)),
        ["--gateway-port"] = Setting(nameof(RoomsClusterOptions.GatewayPort)),
        ["--address"] = Setting(nameof(RoomsClusterOptions.AdvertisedAddress)),
        ["--listen"] = Setting(nameof(RoomsClusterOptions.ListenAddress)),
        ["--primary"] = Setting(nameof(RoomsClusterOptions.PrimaryEndpoint)),
        ["--http"] = $"{SiloHttpOptions.Section}:{nameof(SiloHttpOptions.Url)}",
    };

    /// <summary>Reads the settings: <c>appsettings.json</c> beside the program, then the environment, then the arguments.</summary>
    public static IConfiguration Read(string[] args)
    {
        var builder = CreateBuilder(args);
        builder.Configuration.AddCommandLine(args, Switches);
        return builder.Configuration;
    }

    /// <summary>Builds the host and checks what can be checked before it starts.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static IHost Build(string[] args)
    {
        var http = SiloHttp.Read(Read(args));
        IHost host;
        if (http.Url is null)
        {
            var builder = CreateBuilder(args);
            AddSilo(builder, args);
            host = builder.Build();
        }
        else
        {
            var builder = WebApplication.CreateSlimBuilder(
                new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
            AddSilo(builder, args);
            SiloHttp.AddTo(builder, http);
            var app = builder.Build();
            SiloHttp.Map(app, http);
            host = app;
        }

        host.Services.GetService<IStartupValidator>()?.Validate();
        return host;
    }

    private static HostApplicationBuilder CreateBuilder(string[] args) =>
        Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });

    private static void AddSilo(IHostApplicationBuilder builder, string[] args)
    {
        builder.Configuration.AddCommandLine(args, Switches);
        var section = builder.Configuration.GetSection(RoomsClusterOptions.Section);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.UseOrleans(silo => silo
            .UseRoomsClustering()
            .AddRooms(rooms => section.GetSection("Directory").Bind(rooms)));
        SiloTelemetry.AddTo(builder);
    }

    private static string Setting(string name) => $"{RoomsClusterOptions.Section}:{name}";
}
