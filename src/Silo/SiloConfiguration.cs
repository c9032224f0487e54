using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace OrleansRooms.Silo;

/// <summary>Composes the silo from its settings.</summary>
internal static class SiloConfiguration
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    // The short names of settings on the command line; the long ones, such as --Rooms:SiloPort, work as well.
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--cluster-id"] = $"{SiloOptions.Section}:{nameof(SiloOptions.ClusterId)}",
        ["--service-id"] = $"{SiloOptions.Section}:{nameof(SiloOptions.ServiceId)}",
        ["--silo-port"] = $"{SiloOptions.Section}:{nameof(SiloOptions.SiloPort)}",
        ["--gateway-port"] = $"{SiloOptions.Section}:{nameof(SiloOptions.GatewayPort)}",
        ["--primary"] = $"{SiloOptions.Section}:{nameof(SiloOptions.PrimaryEndpoint)}",
    };

    /// <summary>Builds the host and checks what can be checked before it starts.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    /// <exception cref="InvalidOperationException">A setting is not of its type, or a port is taken.</exception>
    public static IHost Build(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, Switches);
        var section = builder.Configuration.GetSection(SiloOptions.Section);
        var options = section.Get<SiloOptions>() ?? new SiloOptions();
        if (new SiloOptionsValidator().Validate(Options.DefaultName, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(SiloOptions), invalid.Failures);
        }

        MustBeFree(nameof(options.SiloPort), options.SiloPort);
        MustBeFree(nameof(options.GatewayPort), options.GatewayPort);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(
                options.SiloPort,
                options.GatewayPort,
                options.PrimaryEndpoint is { } primary ? IPEndPoint.Parse(primary) : null,
                options.ServiceId,
                options.ClusterId)
            .AddRooms(rooms => section.GetSection("Directory").Bind(rooms)));
        var host = builder.Build();
        host.Services.GetService<IStartupValidator>()?.Validate();
        return host;
    }

    // Orleans would find out as well, after logging the trace of its whole start.
    private static void MustBeFree(string setting, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException exception)
        {
            throw new InvalidOperationException(
                $"Port {port} cannot be used ({exception.Message}); end the process that has it, or give another {SiloOptions.Section}:{setting}.", exception);
        }
    }
}
